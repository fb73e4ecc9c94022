//! A module file as a list of sections that can be edited and put together again, with a good header around whatever they hold.

use limosa_spec::format::{FLAG_REQUIRED, HEADER_BYTES, INDEX_ENTRY_BYTES, MAGIC, Section};
use limosa_spec::{Layout, reseal};

/// A section of a file being edited.
#[derive(Debug, Clone)]
pub struct Part {
    pub id: u32,
    pub flags: u32,
    pub contents: Vec<u8>,
}

/// A file being edited.
#[derive(Debug, Clone)]
pub struct Container {
    pub parts: Vec<Part>,
}

impl Container {
    /// Takes a good file apart.
    pub fn open(bytes: &[u8]) -> Container {
        let layout = Layout::read(bytes).expect("the file is good");
        let part = |entry: &limosa_spec::layout::SectionEntry| Part {
            id: entry.id,
            flags: if entry.required { FLAG_REQUIRED } else { 0 },
            contents: bytes[entry.offset..entry.offset + entry.length].to_vec(),
        };
        Container { parts: layout.sections.iter().map(part).collect() }
    }

    /// The contents of a section, which is added if there is none.
    pub fn section(&mut self, section: Section) -> &mut Vec<u8> {
        let id = section.id();
        let place = self.parts.partition_point(|part| part.id < id);
        if self.parts.get(place).is_none_or(|part| part.id != id) {
            self.parts.insert(place, Part { id, flags: section.flags(), contents: Vec::new() });
        }
        &mut self.parts[place].contents
    }

    /// Takes a section out.
    pub fn remove(&mut self, section: Section) {
        self.parts.retain(|part| part.id != section.id());
    }

    /// The same file with other contents of one section.
    pub fn with(&self, section: Section, contents: &[u8]) -> Vec<u8> {
        let mut edited = self.clone();
        *edited.section(section) = contents.to_vec();
        edited.seal()
    }

    /// The file with a header that fits it.
    pub fn seal(&self) -> Vec<u8> {
        let start = HEADER_BYTES + self.parts.len() * INDEX_ENTRY_BYTES;
        let length = start + self.parts.iter().map(|part| part.contents.len()).sum::<usize>();
        let mut file = Vec::with_capacity(length);
        file.extend_from_slice(&MAGIC);
        for number in [1, length as u32, self.parts.len() as u32] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        file.resize(HEADER_BYTES, 0);
        let mut offset = start;
        for part in &self.parts {
            for number in [part.id, part.flags, offset as u32, part.contents.len() as u32] {
                file.extend_from_slice(&number.to_le_bytes());
            }
            offset += part.contents.len();
        }
        self.parts.iter().for_each(|part| file.extend_from_slice(&part.contents));
        let _ = reseal(&mut file);
        file
    }
}
