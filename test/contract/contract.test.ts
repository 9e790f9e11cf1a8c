import { contractSuite } from './contract-suite.ts';
import { fakeCore } from './fake-core.ts';
import { overMessagePort, overWebSocket } from './transports.ts';

contractSuite('the contract over a MessagePort', overMessagePort, async () => fakeCore());
contractSuite('the contract over a WebSocket', overWebSocket, async () => fakeCore());
