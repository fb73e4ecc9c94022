//! The layout of a module file: header, section index and content hash. What `vm inspect` shows and the decoder starts from.

use crate::decode::error::{DecodeError, DecodeRule, Fault};
use crate::decode::reader::Reader;
use crate::format::{FLAG_REQUIRED, HASH_OFFSET, HEADER_BYTES, INDEX_ENTRY_BYTES, MAGIC, Section, VERSION_MAJOR};
use crate::limits;

/// The BLAKE3 hash of everything in a module but its debug section: the module's identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ContentHash(pub [u8; 32]);

impl std::fmt::Display for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

/// An entry of the section index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionEntry {
    /// The id; [`Section::from_id`] says whether version 1 knows it.
    pub id: u32,
    /// Whether a reader that does not know the section must refuse the module.
    pub required: bool,
    /// Where the section starts in the file.
    pub offset: usize,
    /// The bytes it takes.
    pub length: usize,
}

impl SectionEntry {
    /// The section, if version 1 knows it.
    #[must_use]
    pub fn section(&self) -> Option<Section> {
        Section::from_id(self.id)
    }

    /// The section's contents.
    fn contents<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.offset..self.offset + self.length]
    }

    /// How many entries the section says it has; none for manifest, code, debug and unknown sections. The contents are not checked.
    #[must_use]
    pub fn entries(&self, bytes: &[u8]) -> Option<u32> {
        let section = self.section()?;
        if matches!(section, Section::Manifest | Section::Code | Section::Debug) {
            return None;
        }
        let contents = bytes.get(self.offset..self.offset.checked_add(self.length)?)?;
        Reader::new(contents, self.offset, section).u32().ok()
    }
}

/// Header and section index of a module file, checked; the sections' contents are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Major and minor version of the format.
    pub version: (u16, u16),
    /// The content hash the header states.
    pub hash: ContentHash,
    /// The sections in the order of the file.
    pub sections: Vec<SectionEntry>,
}

impl Layout {
    /// Reads and checks header and section index. The hash is read, not computed.
    ///
    /// # Errors
    /// If a rule of the header or of the index is broken.
    ///
    /// ```
    /// use limosa_spec::{Layout, Module, format::Section};
    ///
    /// let module = Module { strings: vec!["empty".into()], ..Module::default() };
    /// let bytes = limosa_spec::encode(&module)?;
    /// let layout = Layout::read(&bytes)?;
    /// assert_eq!(layout.version, (1, 0));
    /// assert_eq!(layout.section(Section::Manifest).map(|entry| entry.length), Some(6));
    /// assert_eq!(layout.section(Section::Strings).and_then(|entry| entry.entries(&bytes)), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Layout, DecodeError> {
        read(bytes).map_err(|fault| *fault)
    }

    /// The entry of a section, if the module has it.
    #[must_use]
    pub fn section(&self, section: Section) -> Option<&SectionEntry> {
        self.sections.iter().find(|entry| entry.id == section.id())
    }

    /// Computes the content hash of the file this layout was read from.
    ///
    /// It covers magic and version, then for every section but debug its id, its flags, its length and its contents.
    ///
    /// # Panics
    /// If `bytes` is shorter than that file.
    #[must_use]
    pub fn compute_hash(&self, bytes: &[u8]) -> ContentHash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&bytes[..8]);
        for entry in self.sections.iter().filter(|entry| entry.section() != Some(Section::Debug)) {
            let flags = if entry.required { FLAG_REQUIRED } else { 0 };
            for number in [entry.id, flags, entry.length as u32] {
                hasher.update(&number.to_le_bytes());
            }
            hasher.update(entry.contents(bytes));
        }
        ContentHash(*hasher.finalize().as_bytes())
    }
}

/// Computes the content hash of a module file; whether the header states the same is not asked.
///
/// # Errors
/// If header or section index break a rule.
pub fn content_hash(bytes: &[u8]) -> Result<ContentHash, DecodeError> {
    Ok(Layout::read(bytes)?.compute_hash(bytes))
}

/// Writes the content hash of edited bytes into their header, so that the decoder looks further than the hash. For tests and fuzzers.
///
/// # Errors
/// If header or section index break a rule; the bytes are then unchanged.
pub fn reseal(bytes: &mut [u8]) -> Result<(), DecodeError> {
    let hash = content_hash(bytes)?;
    bytes[HASH_OFFSET..HASH_OFFSET + 32].copy_from_slice(&hash.0);
    Ok(())
}

fn fail(rule: DecodeRule, offset: usize, message: impl Into<String>) -> Fault {
    DecodeError::new(rule, None, offset, message)
}

fn u32_at(bytes: &[u8], offset: usize) -> Result<u32, Fault> {
    match bytes.get(offset..).and_then(<[u8]>::first_chunk::<4>) {
        Some(&chunk) => Ok(u32::from_le_bytes(chunk)),
        None => Err(fail(DecodeRule::Truncated, offset, format!("the file ends after {} bytes, inside the header", bytes.len()))),
    }
}

/// Reads and checks header and section index.
pub(crate) fn read(bytes: &[u8]) -> Result<Layout, Fault> {
    if !bytes.starts_with(&MAGIC) {
        return Err(fail(DecodeRule::Magic, 0, "this is not a Limosa module"));
    }
    let version = u32_at(bytes, 4)?;
    let (major, minor) = (version as u16, (version >> 16) as u16);
    if major != VERSION_MAJOR {
        let message = format!("format version {major}.{minor} is not supported, only {VERSION_MAJOR}.x is");
        return Err(fail(DecodeRule::VersionMajor, 4, message));
    }
    if bytes.len() > limits::MODULE_BYTES {
        let message = format!("a module of {} bytes, at most {} are allowed", bytes.len(), limits::MODULE_BYTES);
        return Err(fail(DecodeRule::LimitModuleBytes, 8, message));
    }
    let length = u32_at(bytes, 8)?;
    if length as usize != bytes.len() {
        let message = format!("the header states a length of {length} bytes, the file has {}", bytes.len());
        return Err(fail(DecodeRule::FileLength, 8, message));
    }
    let count = u32_at(bytes, 12)?;
    if count > limits::SECTIONS {
        return Err(fail(DecodeRule::LimitSections, 12, format!("{count} sections, at most {} are allowed", limits::SECTIONS)));
    }
    let Some(&hash) = bytes.get(HASH_OFFSET..).and_then(<[u8]>::first_chunk::<32>) else {
        return Err(fail(DecodeRule::Truncated, HASH_OFFSET, "the file ends inside the header"));
    };
    Ok(Layout { version: (major, minor), hash: ContentHash(hash), sections: read_index(bytes, count as usize)? })
}

fn read_index(bytes: &[u8], count: usize) -> Result<Vec<SectionEntry>, Fault> {
    let mut sections: Vec<SectionEntry> = Vec::with_capacity(count);
    let mut end = HEADER_BYTES + count * INDEX_ENTRY_BYTES;
    for index in 0..count {
        let at = HEADER_BYTES + index * INDEX_ENTRY_BYTES;
        let id = u32_at(bytes, at)?;
        let flags = u32_at(bytes, at + 4)?;
        let (offset, length) = (u32_at(bytes, at + 8)? as usize, u32_at(bytes, at + 12)? as usize);
        let before = sections.last().map_or(0, |entry| entry.id);
        if id <= before {
            return Err(fail(DecodeRule::SectionOrder, at, format!("section {id} follows section {before}")));
        }
        check_flags(id, flags, at + 4)?;
        if offset != end || length > bytes.len().saturating_sub(end) {
            let message =
                format!("section {id} is said to be {length} bytes at {offset:#x}; expected at {end:#x} in {} bytes", bytes.len());
            return Err(fail(DecodeRule::SectionBounds, at + 8, message));
        }
        end += length;
        sections.push(SectionEntry { id, required: flags & FLAG_REQUIRED != 0, offset, length });
    }
    if end != bytes.len() {
        let message = format!("the sections end at {end:#x}, the file has {:#x} bytes", bytes.len());
        return Err(fail(DecodeRule::SectionBounds, end.min(bytes.len()), message));
    }
    Ok(sections)
}

fn check_flags(id: u32, flags: u32, at: usize) -> Result<(), Fault> {
    match Section::from_id(id) {
        Some(section) if flags != section.flags() => {
            let message = format!("flags {flags:#x} of the {section} section, expected {:#x}", section.flags());
            Err(fail(DecodeRule::SectionFlags, at, message))
        }
        None if flags & !FLAG_REQUIRED != 0 => Err(fail(DecodeRule::SectionFlags, at, format!("unknown flags {flags:#x} of section {id}"))),
        None if flags & FLAG_REQUIRED != 0 => Err(fail(DecodeRule::SectionUnknown, at, format!("section {id} is required but not known"))),
        _ => Ok(()),
    }
}
