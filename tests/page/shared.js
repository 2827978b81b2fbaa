// Headquarters' page asks its server for the modules that it shares with the till's page, under
// `/shared/`. Node is told here where they are: import this first, then the page's modules.
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// The hook runs in a thread of its own, which loads this same file.
if (isMainThread) register(import.meta.url);

/**
 * @param {string} specifier
 * @param {unknown} context
 * @param {(specifier: string, context: unknown) => unknown} next
 */
export function resolve(specifier, context, next) {
  const path = /^\/shared\/(.*)$/.exec(specifier)?.[1];
  const isShared = path !== undefined;
  return next(isShared ? new URL(`../../hub/ui/${path}`, import.meta.url).href : specifier, context);
}
