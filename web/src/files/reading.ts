/** From what a reader dropped to texts by name. */

export const MOST_FILES = 2000;
const MOST_BYTES = 12 * 1024 * 1024;
const MANIFEST = /\.(ya?ml|json)$/i;

type Named = readonly [string, File];

/** The manifests among what was dropped or chosen; folders are walked. Throws where there is too much. */
export async function filesOf(data: DataTransfer | FileList): Promise<Record<string, string>> {
  const listed = data instanceof FileList ? [...data].map((one): Named => [one.name, one]) : await dropped(data);
  const manifests = listed.filter(([name]) => MANIFEST.test(name));
  if (manifests.length > MOST_FILES) throw new Error(`These are more than ${MOST_FILES} files.`);
  const size = manifests.reduce((sum, [, file]) => sum + file.size, 0);
  if (size > MOST_BYTES) throw new Error("These files are larger than 12 MiB together.");
  const texts = await Promise.all(manifests.map(async ([name, file]) => [name, await file.text()] as const));
  return Object.fromEntries(texts);
}

async function dropped(data: DataTransfer): Promise<Named[]> {
  const entries = [...data.items].map((one) => one.webkitGetAsEntry()).filter((one) => one !== null);
  return (await Promise.all(entries.map((one) => walked(one, "")))).flat();
}

async function walked(entry: FileSystemEntry, folder: string): Promise<Named[]> {
  const name = folder + entry.name;
  if (isFile(entry)) {
    return MANIFEST.test(name) ? [[name, await new Promise<File>((done, fail) => entry.file(done, fail))]] : [];
  }
  if (!isDirectory(entry) || entry.name.startsWith(".")) return [];
  const found: Named[] = [];
  for (const one of await entriesOf(entry)) {
    found.push(...(await walked(one, `${name}/`)));
    if (found.length > MOST_FILES) break;
  }
  return found;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A reader gives entries in parts, until it gives none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (!part.length || found.length > MOST_FILES) return found;
    found.push(...part);
  }
}
