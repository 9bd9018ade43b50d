//! `evident demo`, and what it is asked by.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use axum::body::Body;
use axum::http::header;
use evident::db::{Contents, Settings};

use crate::support::World;

#[tokio::test]
async fn a_demo_answers_to_loopback_names_alone() {
    for mut world in World::on_both().await {
        let ask = async |world: &World, path: &str, host: &'static str| {
            let visitor = world.anonymous();
            let mut request = visitor.request("GET", path).body(Body::empty()).expect("a request");
            request.headers_mut().insert(header::HOST, header::HeaderValue::from_static(host));
            visitor.send(request).await
        };
        ask(&world, "/sign-in", "evident.example.com").await.expect(200);
        world.instance.demo = true;
        world.assemble();
        for host in ["127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:8080"] {
            ask(&world, "/sign-in", host).await.expect(200);
        }
        for host in ["evil.example:8080", "localhost.evil.example", "10.0.0.1", ""] {
            for path in ["/sign-in", "/committee.json", "/nowhere"] {
                let answer = ask(&world, path, host).await.expect(421);
                assert!(answer.body.contains("answers on this machine alone"), "{}", answer.body);
            }
        }
        // One that an operator serves to others has a name of its own.
        let mut settings = (*world.instance.settings).clone();
        settings.url = "https://demo.example.com".into();
        world.instance.settings = settings.into();
        world.assemble();
        ask(&world, "/sign-in", "demo.example.com").await.expect(200);
    }
}

#[tokio::test]
async fn a_demo_begins_on_its_day_in_every_zone() {
    for zone in ["Pacific/Kiritimati", "Pacific/Niue", "UTC"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut demo = Command::new(env!("CARGO_BIN_EXE_evident"))
            .args(["demo", "--json", "--today", "2026-11-20", "--at", "23:30"])
            .args(["--candidates", "1", "--entries", "5", "--listen", "LocalHost:0", "--data"])
            .arg(folder.path())
            .env_clear()
            .env("EVIDENT_TIMEZONE", zone)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(demo.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        let contents = Settings::in_folder(folder.path()).contents().await.expect("a look");
        demo.kill().and_then(|()| demo.wait()).expect("it ends");
        let Contents::Demo(mark) = contents else { panic!("{contents:?}") };
        assert!(mark.contains(r#""today":"2026-11-20""#), "{zone}: {mark}");
    }
}
