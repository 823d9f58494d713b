//! The clipboard of the desktop that this machine shows. The text lives as long as the program that
//! offers it, so ours is held until the end, and handed over then.

use std::ffi::OsStr;

use arboard::Clipboard;

use super::super::command;

/// Our hold on the desktop's clipboard; opened with the first copy.
#[derive(Default)]
pub struct Local {
    held: Option<Clipboard>,
    /// What we offer.
    text: Option<String>,
}

impl Local {
    /// `Ok` when the clipboard was read back and has this text. `Err` is why not.
    pub fn copy(&mut self, text: &str) -> Result<(), String> {
        if self.held.is_none() {
            // The library's own words speak of a time-out; what is true is that nobody answers.
            self.held = Some(Clipboard::new().map_err(|_| "no desktop session answers".to_owned())?);
        }
        let Some(held) = &mut self.held else { return Err("no desktop session answers".to_owned()) };
        let told = held.set_text(text).and_then(|()| held.get_text());
        match told {
            Ok(back) if back == text => {
                self.text = Some(text.to_owned());
                Ok(())
            }
            Ok(_) => Err("the desktop's clipboard has another text".to_owned()),
            Err(err) => {
                self.held = None;
                Err(err.to_string())
            }
        }
    }

    /// At the end: whether the text stays without us, or was not ours any more.
    pub fn hand_over(&mut self) -> bool {
        let (Some(held), Some(text)) = (&mut self.held, self.text.take()) else { return true };
        if held.get_text().ok().as_deref() != Some(&text) {
            return true;
        }
        keep_without_us(&text)
    }
}

/// A program that stays behind to offer a text, and the one that reads it back.
struct Keeper {
    /// It works where this variable is set.
    display: &'static str,
    put: (&'static str, &'static [&'static str]),
    get: (&'static str, &'static [&'static str]),
}

const KEEPERS: [Keeper; 3] = [
    Keeper { display: "WAYLAND_DISPLAY", put: ("wl-copy", &[]), get: ("wl-paste", &["--no-newline"]) },
    Keeper { display: "DISPLAY", put: ("xclip", &["-selection", "clipboard"]), get: ("xclip", &["-selection", "clipboard", "-o"]) },
    Keeper { display: "DISPLAY", put: ("xsel", &["--clipboard", "--input"]), get: ("xsel", &["--clipboard", "--output"]) },
];

/// Gives the text to such a program; whether it offers the text was read back.
pub fn keep_without_us(text: &str) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| value != OsStr::new(""));
    KEEPERS.iter().filter(|keeper| set(keeper.display)).any(|keeper| {
        let (Some(put), Some(get)) = (command::find(keeper.put.0), command::find(keeper.get.0)) else { return false };
        command::give(&put, keeper.put.1, text.as_bytes()).is_ok()
            && command::ask(&get, keeper.get.1, b"").is_ok_and(|back| back == text.as_bytes())
    })
}
