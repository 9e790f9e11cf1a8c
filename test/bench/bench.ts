// npm run bench [-- training|history|detectors|window [options]]
import { benchDetectors } from './detectors.ts';
import { benchHistory } from './history.ts';
import { benchTraining } from './training.ts';
import { benchWindow } from './window.ts';

const [subject = 'training', ...options] = process.argv.slice(2);
if (subject === 'history') await benchHistory();
else if (subject === 'training') await benchTraining(options);
else if (subject === 'detectors') benchDetectors();
else if (subject === 'window') await benchWindow(options);
else if (subject.startsWith('--')) await benchTraining([subject, ...options]);
else {
  process.stderr.write(
    `bench: there is no "${subject}"; there are training, history, detectors and window.\n`,
  );
  process.exitCode = 2;
}
