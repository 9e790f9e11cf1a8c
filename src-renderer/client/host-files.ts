import { z } from 'zod';
import { FilesRefused } from './files-refused.ts';

/** A folder on the host's disk through which a browser's files go in or out. */
export interface HostFolder {
  /** Absolute, on the host's machine. */
  readonly path: string;
  /** Sends a file there. @returns where it lies */
  put(place: string, file: Blob, onProgress: (bytes: number) => void, stop: AbortSignal): Promise<string>;
  /** What a link names to download a file of it. */
  address(place: string): string;
  /** Removes it, with all that is in it. */
  remove(): Promise<void>;
}

const madeSchema = z.object({ id: z.string(), path: z.string() });
const putSchema = z.object({ path: z.string() });
const unreachable = 'The host of this lab does not answer.';

/** Has the web host make a folder. @throws FilesRefused */
export async function makeHostFolder(): Promise<HostFolder> {
  const answer = await fetch('/files', { method: 'POST' }).catch(() => {
    throw new FilesRefused(unreachable);
  });
  if (!answer.ok) throw new FilesRefused((await answer.text()).trim());
  const { id, path } = madeSchema.parse(await answer.json());
  const address = (place: string): string => `/files/${id}/${place.split('/').map(placeName).join('/')}`;
  return {
    path,
    put: (place, file, onProgress, stop) => put(address(place), file, onProgress, stop),
    address,
    async remove() {
      // What is left is removed by the host in time.
      await fetch(`/files/${id}`, { method: 'DELETE' }).catch(() => undefined);
    },
  };
}

/** By XMLHttpRequest, which alone tells how much of a body was sent. */
function put(
  address: string,
  file: Blob,
  onProgress: (bytes: number) => void,
  stop: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    stop.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('loadend', () => {
      stop.removeEventListener('abort', abort);
      if (request.status === 201) resolve(putSchema.parse(JSON.parse(request.responseText)).path);
      else reject(new FilesRefused(request.responseText.trim() || unreachable));
    });
    request.open('PUT', address);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(file);
  });
}

/** A part of a path as every host can write it. */
function placeName(part: string): string {
  const plain = part.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_').replaceAll(/^\.|\.$/g, '_');
  return encodeURIComponent(plain.slice(0, 100));
}
