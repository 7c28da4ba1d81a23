// A full sync as somebody would write it with okta-sdk-golang and mattn/go-sqlite3.
//
// peer ORG_URL TOKEN DATABASE; prints how many users it stored.
package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"

	_ "github.com/mattn/go-sqlite3"
	"github.com/okta/okta-sdk-golang/v5/okta"
)

const schema = `
    CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, display_name TEXT, profile TEXT);
    CREATE INDEX users_login ON users (login);
    CREATE INDEX users_email ON users (email);`

func insertPage(database *sql.DB, users []okta.User) error {
	transaction, err := database.Begin()
	if err != nil {
		return err
	}
	defer transaction.Rollback()
	insert, err := transaction.Prepare("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	for _, user := range users {
		profile := user.GetProfile()
		text, err := json.Marshal(profile)
		if err != nil {
			return err
		}
		_, err = insert.Exec(user.GetId(), user.GetStatus(), profile.GetLogin(), profile.GetEmail(),
			profile.GetDisplayName(), string(text))
		if err != nil {
			return err
		}
	}
	return transaction.Commit()
}

func run(orgURL, token, file string) (int, error) {
	database, err := sql.Open("sqlite3", file+"?_journal_mode=WAL&_synchronous=NORMAL")
	if err != nil {
		return 0, err
	}
	defer database.Close()
	if _, err = database.Exec(schema); err != nil {
		return 0, err
	}
	configuration, err := okta.NewConfiguration(okta.WithOrgUrl(orgURL), okta.WithToken(token),
		okta.WithTestingDisableHttpsCheck(true), okta.WithCache(false))
	if err != nil {
		return 0, err
	}
	// The SDK drops the port of the address.
	if address, err := url.Parse(orgURL); err == nil {
		configuration.Host = address.Host
	}
	client := okta.NewAPIClient(configuration)
	users, answer, err := client.UserAPI.ListUsers(configuration.Context).Search("status pr").Limit(200).Execute()
	stored := 0
	for {
		if err != nil {
			return stored, err
		}
		if err = insertPage(database, users); err != nil {
			return stored, err
		}
		stored += len(users)
		if !answer.HasNextPage() {
			return stored, nil
		}
		users = nil
		answer, err = answer.Next(&users)
	}
}

func main() {
	stored, err := run(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored)
}
