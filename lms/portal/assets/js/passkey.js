// Shows the passkey's button where the browser has passkeys, and says so when the device gave none.
const buttons = document.querySelectorAll("[data-passkey]");
const trouble = document.querySelector("[data-passkey-trouble]");

if (window.PublicKeyCredential) for (const button of buttons) button.hidden = false;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (trouble) trouble.hidden = false;
});
