mod any_weather;
mod forks;
mod one_link;
mod world;
