import { z } from 'zod';

// What a window and the desktop say to each other beside the contract: menus, files, dialogs. A browser page has none of it.

export const windowCommands = [
  'new-study',
  'start',
  'pause',
  'export',
  'find',
  'palette',
  'toggle-settings',
  'about',
] as const;
export type WindowCommand = (typeof windowCommands)[number];

export const dialogKinds = ['open', 'import-folder', 'export-folder', 'save-lab', 'save-figure'] as const;
export type DialogKind = (typeof dialogKinds)[number];

/** Window to desktop, checked where it enters. */
export const windowMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('choose'),
    id: z.int(),
    dialog: z.enum(dialogKinds),
    suggestedName: z.string().max(255).default(''),
  }),
  z.object({ type: z.literal('dropped'), paths: z.array(z.string().max(4096)).max(1000) }),
  z.object({ type: z.literal('open-link'), url: z.string().max(2048) }),
]);
export type WindowMessage = z.infer<typeof windowMessageSchema>;

/** A file or folder the user opened. Labs are opened by the desktop and never get here. */
export type OpenedFile =
  | { readonly kind: 'study'; readonly path: string; readonly text: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'import-lab'; readonly path: string };

/** Desktop to window. */
export type DesktopMessage =
  | { readonly type: 'command'; readonly command: WindowCommand }
  | { readonly type: 'opened'; readonly files: readonly OpenedFile[] }
  /** `paths` is empty when the dialog was cancelled. */
  | { readonly type: 'chosen'; readonly id: number; readonly paths: readonly string[] };
