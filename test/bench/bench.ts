// npm run bench [-- training|history|detectors [options]]
import { benchDetectors } from './detectors.ts';
import { benchHistory } from './history.ts';
import { benchTraining } from './training.ts';

const [subject = 'training', ...options] = process.argv.slice(2);
if (subject === 'history') await benchHistory();
else if (subject === 'training') await benchTraining(options);
else if (subject === 'detectors') benchDetectors();
else if (subject.startsWith('--')) await benchTraining([subject, ...options]);
else {
  process.stderr.write(`bench: there is no "${subject}"; there are training, history and detectors.\n`);
  process.exitCode = 2;
}
