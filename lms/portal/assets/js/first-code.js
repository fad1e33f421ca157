// A sheet's QR code carries the one-time code behind the #, which no server and no log ever sees.
const form = document.querySelector("[data-first-code]");
const code = decodeURIComponent(location.hash.slice(1));

if (form && /^[0-9A-Za-z-]{12,20}$/.test(code)) {
  form.elements.code.value = code;
  history.replaceState(null, "", location.pathname);
  form.elements.name.focus();
}
