//! The same web server without a store behind it: takes a body, answers one of a given size.

use std::net::TcpListener;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};

/// Longest answer, in bytes: the longest basket's, several times over.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Serves on a free port, in the present actix system; answers the URL. `sample` is what a real
/// answer looks like, so that compressing it costs as much.
pub fn start(sample: &str) -> String {
    let answer = Bytes::from(sample.repeat(ANSWER_BYTES_MAX / sample.len() + 1));
    let app = move || {
        App::new()
            .app_data(web::Data::new(answer.clone()))
            .wrap(Compress::default())
            .wrap(from_fn(hub::http::guard::guard))
            .route("/api/v1/register/commands/{bytes}", web::post().to(echo))
    };
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let server = HttpServer::new(app).workers(2).tcp_nodelay(true).disable_signals();
    let server = server.listen(socket).unwrap().run();
    actix_web::rt::spawn(server);
    url
}

async fn echo(answer: web::Data<Bytes>, bytes: web::Path<usize>, _asked: Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(answer.slice(..*bytes))
}
