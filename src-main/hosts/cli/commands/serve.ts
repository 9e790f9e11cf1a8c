import { once } from 'node:events';
import path from 'node:path';
import { renderText } from '#shared/report/render-text.ts';
import type { LocalCore } from '../../../core/create-core.ts';
import { openBrowser } from '../../web/open-browser.ts';
import { serveLab } from '../../web/serve.ts';
import { fetchTensorFlow } from '../../fetch-tensorflow.ts';
import { recallHost } from '../host-address.ts';
import { onInterrupt } from '../interrupt.ts';
import { showProgress } from '../show-progress.ts';
import { readStudyFile } from '../read-study.ts';
import { exitCodes } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withCore } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

export interface ServeOptions extends LabOption {
  /** None takes a free one. */
  readonly port?: number;
  readonly workers?: number;
  /** False with --no-open. */
  readonly open: boolean;
  /** The preset that a lab without studies begins with. */
  readonly firstStudy?: string;
  /** Brings TensorFlow meanwhile where set-up left it out. */
  readonly fetchTensorflow?: boolean;
  /** What a person types to have this lab served again; `serve` with its options when not given. */
  readonly command?: string;
}

/** Where `npm run build` puts the window. */
const root = path.resolve(import.meta.dirname, '../../../..');
const windowFolder = path.join(root, 'dist', 'renderer');

/** `serve`: the lab in a browser of this machine, until Ctrl-C. The address goes to stdout, for scripts. */
export function serve(terminal: Terminal, options: ServeOptions): Promise<number> {
  return withCore(terminal, options, async (core) => {
    const memory = recallHost(core.info().path);
    const host = await serveLab(core, {
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(memory.port === null ? {} : { preferredPort: memory.port }),
      returning: { key: memory.key, command: options.command ?? serveCommand(core.info().path, options) },
      scratch: { prefix: core.info().path },
      folder: windowFolder,
      log: (line) => terminal.say(line),
    });
    const unpublish = memory.publish(host.url, host.port);
    const { signal, release } = onInterrupt(() =>
      terminal.say('Closing the lab; what is trained is kept. Once more ends at once.'),
    );
    const stopped = once(signal, 'abort');
    let leaveNotices = sayNotices(terminal, core);
    let stopFetching: (() => Promise<void>) | null = null;
    try {
      terminal.print(host.url);
      terminal.say(`Lab: ${core.info().path}`);
      if (memory.port !== null && memory.port !== host.port)
        terminal.say(
          `It answered at port ${memory.port} before: pages that are still open there cannot come back by themselves.`,
        );
      const resumed = await core.recover();
      if (resumed.length > 0) terminal.say(`Going on with ${resumed.join(', ')}.`);
      const opened = options.open && (await openBrowser(host.url, terminal.environment, process.platform));
      const how = opened ? 'Opened in your browser' : 'Open the address above in a browser of this machine';
      terminal.say(`${how}; whoever has it has the lab. Ctrl-C ends.`);
      if (options.fetchTensorflow) stopFetching = fetchFor(core);
      if (options.firstStudy !== undefined && core.listStudies({}).length === 0) {
        // Its progress says them itself, above its bars.
        leaveNotices();
        await Promise.race([showFirstStudy(terminal, core, options.firstStudy), stopped]);
        if (!signal.aborted) leaveNotices = sayNotices(terminal, core);
      }
      await stopped;
    } finally {
      release();
      leaveNotices();
      unpublish();
      await Promise.all([stopFetching?.(), host.close()]);
    }
    return exitCodes.done;
  });
}

function fetchFor(core: LocalCore): () => Promise<void> {
  return fetchTensorFlow({
    root,
    tell({ level, message, came }) {
      if (came) core.engineCame();
      core.notice(level, message);
    },
  });
}

function serveCommand(lab: string, { lab: named, port }: ServeOptions): string {
  const where = named === undefined ? '' : ` --lab ${quoted(lab)}`;
  return `npm run -s cli -- serve${where}${port === undefined ? '' : ` --port ${port}`}`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function sayNotices(terminal: Terminal, core: LocalCore): () => void {
  return core.subscribe((event) => {
    if (event.type === 'notice') terminal.say(event.message);
  });
}

/** Trains a preset in a lab without a history, with its progress and then its report in the terminal too. */
async function showFirstStudy(terminal: Terminal, core: LocalCore, preset: string): Promise<void> {
  const { text, file } = readStudyFile(terminal, preset);
  const { id, name } = core.createStudy(text, file);
  terminal.say(`The history is empty: training the study "${name}" to begin with.`);
  const progress = showProgress(terminal, core, core.listRuns({ studyId: id }).runs);
  try {
    await core.startStudy(id, { engine: 'auto' });
    await core.settled(id);
  } finally {
    progress.finish();
  }
  if (core.getStudy(id).states.finished === 0) return;
  terminal.print(renderText(core.report(id), { width: terminal.width, color: terminal.color }));
  terminal.say('The lab stays open at the address above. Ctrl-C ends.');
}
