import { once } from 'node:events';
import path from 'node:path';
import { openBrowser } from '../../web/open-browser.ts';
import { serveLab } from '../../web/serve.ts';
import { publishAddress } from '../host-address.ts';
import { onInterrupt } from '../interrupt.ts';
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
}

/** Where `npm run build` puts the window. */
const windowFolder = path.resolve(import.meta.dirname, '../../../../dist/renderer');

/** `serve`: the lab in a browser of this machine, until Ctrl-C. The address goes to stdout, for scripts. */
export function serve(terminal: Terminal, options: ServeOptions): Promise<number> {
  return withCore(terminal, options, async (core) => {
    const host = await serveLab(core, {
      ...(options.port === undefined ? {} : { port: options.port }),
      folder: windowFolder,
      log: (line) => terminal.say(line),
    });
    const unpublish = publishAddress(core.info().path, host.url);
    const { signal, release } = onInterrupt(() =>
      terminal.say('Closing the lab; what is trained is kept. Once more ends at once.'),
    );
    const stopped = once(signal, 'abort');
    const unsubscribe = core.subscribe((event) => {
      if (event.type === 'notice') terminal.say(event.message);
    });
    try {
      terminal.print(host.url);
      terminal.say(`Lab: ${core.info().path}`);
      const resumed = await core.recover();
      if (resumed.length > 0) terminal.say(`Going on with ${resumed.join(', ')}.`);
      if (options.firstStudy !== undefined && core.listStudies({}).length === 0) {
        const { text, file } = readStudyFile(terminal, options.firstStudy);
        const { id, name } = core.createStudy(text, file);
        await core.startStudy(id, { engine: 'auto' });
        terminal.say(`The history is empty: training the study "${name}" to begin with.`);
      }
      const opened = options.open && (await openBrowser(host.url, terminal.environment, process.platform));
      const how = opened ? 'Opened in your browser' : 'Open the address above in a browser of this machine';
      terminal.say(`${how}; whoever has it has the lab. Ctrl-C ends.`);
      await stopped;
    } finally {
      release();
      unsubscribe();
      unpublish();
      await host.close();
    }
    return exitCodes.done;
  });
}
