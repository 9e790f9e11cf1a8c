// npm run bench [-- training|resume|history|detectors|window [options]]
import { benchDetectors } from './detectors.ts';
import { benchHistory } from './history.ts';
import { benchResume } from './resume.ts';
import { benchTraining } from './training.ts';
import { benchWindow } from './window.ts';

const [subject = 'training', ...options] = process.argv.slice(2);
if (subject === 'history') await benchHistory();
else if (subject === 'resume') await benchResume(options);
else if (subject === 'training') await benchTraining(options);
else if (subject === 'detectors') benchDetectors();
else if (subject === 'window') await benchWindow(options);
else if (subject.startsWith('--')) await benchTraining([subject, ...options]);
else {
  process.stderr.write(
    `bench: there is no "${subject}"; there are training, resume, history, detectors and window.\n`,
  );
  process.exitCode = 2;
}
