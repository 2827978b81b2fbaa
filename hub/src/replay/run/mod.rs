pub type HostError = Box<dyn std::error::Error + Send + Sync>;
