using IncomingCalls.PostgreSql.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What a host says about a connection string that Npgsql does not read.</summary>
public class ConnectionStringTests
{
    [Theory]
    [InlineData("Host=db;Databse=desk;Username=crm", "has the unknown keyword 'databse'. Did you mean Database?")]
    [InlineData("Host=db;Pasword=s3cret", "has the unknown keyword 'pasword'. Did you mean Password?")]
    [InlineData("Host=db;Password=s3cret;SSL Mod=Require", "has the unknown keyword 'ssl mod'. Did you mean SSL Mode?")]
    [InlineData("Host=db;Max Pool Size=5", "has the unknown keyword 'max pool size'. Did you mean Maximum Pool Size?")]
    [InlineData("Data Source=db;Initial Catalog=crm", "has the unknown keyword 'data source'. Did you mean Host?")]
    [InlineData("Host=db;Initial Catalog=crm", "has the unknown keyword 'initial catalog'. Did you mean Database?")]
    public async Task Start_KeywordMisspelt_NamesIt(string connectionString, string problem) =>
        (await StartAsync(connectionString)).Should().Be(
            $"IncomingCalls:PostgreSql:ConnectionString {problem} A connection string that is passed to UsePostgreSqlInbox takes precedence.");

    /// <summary>After a semicolon that needs quotation marks, the rest of a password looks like a keyword.</summary>
    [Theory]
    [InlineData("Host=db;Password=abc;xyzzy=1")]
    [InlineData("Host=db;Password=abc;xyzzy;Database=crm")]
    [InlineData("Host=db;Password=abc;hos7=1")]
    [InlineData("Host=db;Password xyzzy=")]
    [InlineData("Host=db;xyzzy=")]
    [InlineData("Host=db;Databse=")]
    [InlineData("postgres://crm:xyzzy@db/crm?sslmode=require")]
    public async Task Start_KeywordMayBePartOfAPassword_IsNotRepeated(string connectionString) =>
        (await StartAsync(connectionString)).Should().Be(
            "IncomingCalls:PostgreSql:ConnectionString has a keyword that is unknown to Npgsql and not shown, because it may be part of a password. Write Host=db;Database=crm;Username=crm;Password=..., "
            + "for example, and a value that contains a semicolon in quotation marks. A connection string that is passed to UsePostgreSqlInbox takes precedence.");

    [Theory]
    [InlineData("Host=db;Port=xyzzy", "port")]
    [InlineData("Host=db;Port=99999999999", "port")]
    [InlineData("Host=db;SSL Mode=xyzzy", "ssl mode")]
    public async Task Start_ValueInvalid_NamesItsKeyword(string connectionString, string keyword) =>
        (await StartAsync(connectionString)).Should().StartWith($"IncomingCalls:PostgreSql:ConnectionString has an invalid value of the keyword '{keyword}'. ").And.NotContain("xyzzy");

    [Theory]
    [InlineData("xyzzy")]
    [InlineData("Host=db;Password=abc;xyzzy")]
    [InlineData("Host=db;Password=\"xyzzy")]
    public async Task Start_NotAConnectionString_IsNotRepeated(string connectionString) =>
        (await StartAsync(connectionString)).Should().StartWith("IncomingCalls:PostgreSql:ConnectionString is not a connection string of Npgsql. ").And.NotContain("xyzzy");

    [Fact]
    public async Task Start_WithoutHost_SaysSo() =>
        (await StartAsync("Database=crm")).Should().StartWith("IncomingCalls:PostgreSql:ConnectionString names no Host. Write Host=db;");

    /// <summary>The message names the section that the host has bound.</summary>
    [Fact]
    public async Task Start_KeywordMisspeltInConfiguration_NamesTheSetting()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Calls:PostgreSql:ConnectionString", "Host=db;Databse=desk")]);
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("Calls")).UsePostgreSqlInbox();

        (await StartAsync(builder)).Should().StartWith("Calls:PostgreSql:ConnectionString has the unknown keyword 'databse'.");
    }

    [Fact]
    public void Suggestions_AreKeywordsOfNpgsql() =>
        ConnectionStringCheck.Suggestions.Should().OnlyContain(keyword => new NpgsqlConnectionStringBuilder().ContainsKey(keyword));

    private static Task<string> StartAsync(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIncomingCalls().UsePostgreSqlInbox(connectionString);
        return StartAsync(builder);
    }

    private static async Task<string> StartAsync(HostApplicationBuilder builder)
    {
        using var host = builder.Build();
        var failure = await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>();
        failure.Which.InnerException.Should().BeNull("the exception of Npgsql quotes values");
        return failure.Which.Message;
    }
}
