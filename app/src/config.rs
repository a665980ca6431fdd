//! Configuration: one TOML file, the environment over it, flags over both.
//!
//! Every mistake is reported at once, each with its place and with what would be right.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use toml_edit::{Document, Item, Value};

/// The file that is read when none is named, if it exists.
pub const FILE_DEFAULT: &str = "lianbing.toml";

/// What the server runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The folder of the embedded database, the search index and uploads.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address people type.
    pub public_address: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The database: a path or a `postgres://` address; a file in `data` when absent.
    pub database: Option<String>,
    /// How many background jobs run at once.
    pub workers: usize,
    /// How the log is written.
    pub log: LogFormat,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// As a configuration writes it.
    pub const fn name(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8750)),
            public_address: None,
            trusted_proxies: Vec::new(),
            database: None,
            workers: 2,
            log: LogFormat::Text,
        }
    }
}

impl Config {
    /// The address of the database.
    pub fn database_address(&self) -> String {
        self.database.clone().unwrap_or_else(|| self.data.join("lianbing.db").display().to_string())
    }
}

/// One mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where: a line of the file, a variable, a flag.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub advice: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  {}", self.place, self.what, self.advice)
    }
}

/// A setting: its name in the file, and how a written value takes effect.
struct Setting {
    name: &'static str,
    example: &'static str,
    set: fn(&mut Config, &str) -> Result<(), String>,
    /// Whether the file gives it as a list.
    list: bool,
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "data",
        example: "data = \"data\"",
        list: false,
        set: |config, value| {
            config.data = PathBuf::from(value);
            if value.is_empty() { Err("a folder is needed".to_owned()) } else { Ok(()) }
        },
    },
    Setting {
        name: "listen",
        example: "listen = \"127.0.0.1:8750\"",
        list: false,
        set: |config, value| {
            config.listen = value.parse().map_err(|_| "it is not an address with a port".to_owned())?;
            Ok(())
        },
    },
    Setting {
        name: "public_address",
        example: "public_address = \"https://lianbing.example.com\"",
        list: false,
        set: |config, value| {
            let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
            let host = rest
                .map(|rest| rest.trim_end_matches('/'))
                .filter(|host| !host.is_empty() && !host.contains(['/', ' ', '?', '#', '@']));
            let host = host.ok_or("it must be http:// or https:// with a host and nothing after it")?;
            let scheme = if value.starts_with("https://") { "https" } else { "http" };
            config.public_address = Some(format!("{scheme}://{host}"));
            Ok(())
        },
    },
    Setting {
        name: "trusted_proxies",
        example: "trusted_proxies = [\"10.0.0.2\"]",
        list: true,
        set: |config, value| {
            let proxies: Result<Vec<IpAddr>, _> =
                value.split(',').map(str::trim).filter(|ip| !ip.is_empty()).map(str::parse).collect();
            config.trusted_proxies = proxies.map_err(|_| "each must be an IP address".to_owned())?;
            Ok(())
        },
    },
    Setting {
        name: "database",
        example: "database = \"postgres://lianbing:secret@localhost/lianbing\"",
        list: false,
        set: |config, value| {
            if value.contains("://")
                && !value.starts_with("postgres://")
                && !value.starts_with("postgresql://")
            {
                return Err("only a path or a postgres:// address can be used".to_owned());
            }
            config.database = Some(value.to_owned());
            Ok(())
        },
    },
    Setting {
        name: "workers",
        example: "workers = 2",
        list: false,
        set: |config, value| {
            config.workers = value
                .parse()
                .ok()
                .filter(|n| (1..=64).contains(n))
                .ok_or("it must be a whole number from 1 to 64")?;
            Ok(())
        },
    },
    Setting {
        name: "log",
        example: "log = \"json\"",
        list: false,
        set: |config, value| {
            config.log = match value {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err("it must be text or json".to_owned()),
            };
            Ok(())
        },
    },
];

/// Puts the configuration together.
///
/// `file` is the file's name and text, `environment` looks a variable up (`LIANBING_LISTEN` …), `flags` are
/// settings given on the command line by name.
///
/// # Errors
/// All mistakes of all three sources.
pub fn load(
    file: Option<(&Path, &str)>,
    environment: impl Fn(&str) -> Option<String>,
    flags: &[(&'static str, String)],
) -> Result<Config, Vec<Mistake>> {
    let mut config = Config::default();
    let mut mistakes = Vec::new();
    if let Some((path, text)) = file {
        read_file(&mut config, path, text, &mut mistakes);
    }
    for setting in SETTINGS {
        let variable = format!("LIANBING_{}", setting.name.to_uppercase());
        if let Some(value) = environment(&variable) {
            apply(&mut config, setting, &value, format!("environment variable {variable}"), &mut mistakes);
        }
        if let Some((_, value)) = flags.iter().find(|(name, _)| *name == setting.name) {
            apply(
                &mut config,
                setting,
                value,
                format!("flag --{}", setting.name.replace('_', "-")),
                &mut mistakes,
            );
        }
    }
    if mistakes.is_empty() { Ok(config) } else { Err(mistakes) }
}

fn apply(config: &mut Config, setting: &Setting, value: &str, place: String, mistakes: &mut Vec<Mistake>) {
    if let Err(why) = (setting.set)(config, value) {
        mistakes.push(Mistake {
            place,
            what: format!("{} is “{value}”: {why}", setting.name),
            advice: format!("For example: {}", setting.example),
        });
    }
}

fn read_file(config: &mut Config, path: &Path, text: &str, mistakes: &mut Vec<Mistake>) {
    let place = |offset: usize| format!("{} line {}", path.display(), line_of(text, offset));
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let what = error.message().trim().to_owned();
            mistakes.push(Mistake {
                place: place(at),
                what,
                advice: "The file is TOML: one name = \"value\" a line".to_owned(),
            });
            return;
        }
    };
    for (name, item) in document.iter() {
        let at = document.key_span(name).or_else(|| item.span().map(|span| span.start)).unwrap_or(0);
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
            mistakes.push(Mistake {
                place: place(at),
                what: format!("“{name}” is not a setting"),
                advice: format!("The settings are {}", known.join(", ")),
            });
            continue;
        };
        match plain(item, setting.list) {
            Some(value) => apply(config, setting, &value, place(at), mistakes),
            None => mistakes.push(Mistake {
                place: place(at),
                what: format!("{name} has a value of the wrong kind"),
                advice: format!("For example: {}", setting.example),
            }),
        }
    }
}

/// A value of the file as it would stand in an environment variable.
fn plain(item: &Item, list: bool) -> Option<String> {
    let value = item.as_value()?;
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) if !list => Some(number.value().to_string()),
        Value::Array(items) if list => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Where the name of a setting stands.
trait KeySpan {
    fn key_span(&self, name: &str) -> Option<usize>;
}

impl<S: AsRef<str>> KeySpan for Document<S> {
    fn key_span(&self, name: &str) -> Option<usize> {
        self.as_table().key(name).and_then(toml_edit::Key::span).map(|span| span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        load(Some((Path::new("lianbing.toml"), text)), |_| None, &[])
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let text = "listen = \"0.0.0.0:80\"\nworkers = 3\ntrusted_proxies = [\"10.0.0.2\"]\npublic_address = \"https://a.example/\"\n";
        let environment = |name: &str| (name == "LIANBING_WORKERS").then(|| "5".to_owned());
        let config =
            load(Some((Path::new("x"), text)), environment, &[("listen", "127.0.0.1:9".to_owned())]).unwrap();
        assert_eq!((config.listen.port(), config.workers), (9, 5));
        assert_eq!(config.trusted_proxies.len(), 1);
        assert_eq!(config.public_address.as_deref(), Some("https://a.example"));
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let found =
            mistakes("# a comment\nlisten = \"nowhere\"\nport = 3\nworkers = 900\ntrusted_proxies = 7\n");
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].starts_with("lianbing.toml line 2: listen is “nowhere”"), "{}", found[0]);
        assert!(found[1].starts_with("lianbing.toml line 3: “port” is not a setting"), "{}", found[1]);
        assert!(found[2].starts_with("lianbing.toml line 4"), "{}", found[2]);
        assert!(found[3].starts_with("lianbing.toml line 5"), "{}", found[3]);
        assert!(mistakes("listen = \n")[0].starts_with("lianbing.toml line 1"));
    }
}
