import path from 'node:path';

// For `node --import`: to a trainer an epoch that takes a millisecond seems to take two seconds. Its host's clock stays as it is.
const timesSlower = 2000;

const real = performance.now.bind(performance);
if (process.argv[1]?.endsWith(path.join('trainer', 'entry.ts'))) performance.now = () => timesSlower * real();
