mod any_weather;
mod forks;
mod held;
mod one_link;
mod world;
