// What CloudFront does with a request before it passes it on (CloudFront Functions, JavaScript runtime 2.0).
//
// Live events: clients of Socket.IO ask at /socket.io/ of the host, whatever they are told. Their polls go to the API that
// answers them without a function (infra/aws/live.py), all else to the application.
// The API: it is told the address of who asks, since the distribution stands between them.
// The web interface: its pages are one document, which finds out by the address what to show.
import cf from 'cloudfront';

const SOCKET = /^\/socket\.io\/?$/;
const SESSION = /^[A-Za-z0-9_-]+$/;
const API = '/api/';
const LIVE = '/api/live';

function handler(event) {
    const request = event.request;
    // Whatever a client says of itself is overwritten.
    request.headers['x-vulpes-viewer'] = { value: event.viewer.ip };
    if (request.uri.startsWith(API)) {
        return request;
    }
    if (SOCKET.test(request.uri)) {
        return live(request);
    }
    if (isPage(request)) {
        request.uri = '/index.html';
    }
    return request;
}

function live(request) {
    const session = valueOf(request.querystring.sid);
    const known = SESSION.test(session) && valueOf(request.querystring.transport) === 'polling';
    if (known && request.method === 'GET') {
        request.uri = '/live/' + session;
        // With another type than that of JSON, API Gateway would look for another mapping template.
        delete request.headers['content-type'];
        cf.selectRequestOriginById('live');
    } else {
        // The session stays a parameter: paths stand in access logs.
        request.uri = LIVE;
    }
    return request;
}

function isPage(request) {
    const last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
    return (request.method === 'GET' || request.method === 'HEAD') && last.indexOf('.') === -1;
}

// A parameter that comes twice counts as its first value says, as it does in the application.
function valueOf(parameter) {
    if (parameter === undefined) {
        return '';
    }
    return parameter.multiValue === undefined ? parameter.value : parameter.multiValue[0].value;
}
