//! The pages that a person sees in a browser: the page for consent, and the pages after it.

use crate::api::reply::Reply;

/// The field that carries the pressed button.
pub(super) const ANSWER: &str = "sim_answer";

/// Asks whether the app may have these scopes. The answer contains the parameters of the request again.
pub(super) fn consent(parameters: &[(String, String)], scopes: &[String]) -> Reply {
    let fields = hidden(parameters);
    let list: String = scopes
        .iter()
        .map(|scope| format!("<li>{}</li>\n", escape(scope)))
        .collect();
    page(
        200,
        "Sign in to the simulated org",
        &format!(
            "<p>okta-profiles asks to act on your behalf:</p>\n<ul id=\"scopes\">\n{list}</ul>\n\
             <form method=\"post\" action=\"/oauth2/v1/authorize/consent\">\n{fields}\
             <button id=\"allow\" name=\"{ANSWER}\" value=\"allow\">Allow Access</button>\n\
             <button id=\"deny\" name=\"{ANSWER}\" value=\"deny\">Don't Allow</button>\n</form>"
        ),
    )
}

/// Sends the answer to the client with a form that submits itself (`response_mode=form_post`).
pub(super) fn form_post(redirect_uri: &str, answer: &[(&str, &str)]) -> Reply {
    let owned: Vec<(String, String)> = answer
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    page(
        200,
        "Signing in",
        &format!(
            "<form id=\"answer\" method=\"post\" action=\"{}\">\n{}<button>Continue</button>\n</form>\n\
             <script>document.getElementById('answer').submit()</script>",
            escape(redirect_uri),
            hidden(&owned)
        ),
    )
}

/// An error that must not be sent to the redirect URI, because the redirect URI itself is wrong.
pub(super) fn bad_request(error: &str, description: &str) -> Reply {
    let text = format!("<p id=\"error\">{}: {}</p>", escape(error), escape(description));
    page(400, "400 Bad Request", &text)
}

fn hidden(parameters: &[(String, String)]) -> String {
    let field = |(name, value): &(String, String)| {
        let (name, value) = (escape(name), escape(value));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
    };
    parameters.iter().map(field).collect()
}

fn page(status: u16, title: &str, body: &str) -> Reply {
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title></head>\n\
         <body><h1>{title}</h1>\n{body}\n</body></html>\n"
    );
    Reply::text(status, Some("text/html; charset=utf-8"), text)
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
