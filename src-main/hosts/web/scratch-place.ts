/** What of a scratch folder a request is about. */
export interface ScratchPlace {
  /** Null for the folders as a whole. */
  readonly id: string | null;
  /** Of the file, from the folder down; empty for the folder itself. */
  readonly parts: readonly string[];
  /** Whether a file of this name is taken from a browser. */
  readonly taken: boolean;
}

const deepest = 8;
const takenNames = /^(?:log\.jsonl|config\.json|.+\.lab)$/i;

/** Reads `/files`, `/files/ID` or `/files/ID/PATH`; null for what reaches for anything else. */
export function scratchPlace(url: string): ScratchPlace | null {
  const [, , id, ...encoded] = url.split('/');
  if (id === undefined) return { id: null, parts: [], taken: false };
  if (!/^[\w-]{16}$/.test(id) || encoded.length > deepest) return null;
  const parts = encoded.map(decoded);
  const plain = parts.filter((part) => part !== null);
  if (plain.length < parts.length) return null;
  return { id, parts: plain, taken: takenNames.test(plain.at(-1) ?? '') };
}

/** One part of a path as it is on the disk; null when it is none of a file's. */
function decoded(part: string): string | null {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    return null;
  }
  // oxlint-disable-next-line no-control-regex -- those are what no name has
  const odd = /[\\/:*?"<>|\u0000-\u001f]/;
  if (text === '' || text.startsWith('.') || text.endsWith('.') || odd.test(text)) return null;
  return Buffer.byteLength(text) > 200 ? null : text;
}
