using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary><c>inbox schema</c>. That a node runs on the printed tables is tested with the PostgreSQL inbox.</summary>
public sealed class InboxSchemaTests
{
    [Fact]
    public async Task Schema_WithRole_PrintsTablesAndGrants()
    {
        var result = await ToolProcess.RunAsync("inbox", "schema", "--sql", "--schema", "support_calls", "--role", "crm \"node\"");

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().ContainAll(
            "CREATE SCHEMA IF NOT EXISTS support_calls;", "CREATE TABLE support_calls.calls (", "GRANT USAGE ON SCHEMA support_calls TO \"crm \"\"node\"\"\";", "SET LOCAL lock_timeout = '200ms';");
    }

    [Fact]
    public async Task Schema_AsJson_IsOneObject()
    {
        var line = (await ToolProcess.RunAsync("inbox", "schema", "--sql", "--json")).Json.Should().ContainSingle().Which;

        line.GetProperty("type").GetString().Should().Be("schema");
        line.GetProperty("schema").GetString().Should().Be("incoming_calls");
        line.GetProperty("sql").GetString().Should().Contain("CREATE TABLE incoming_calls.calls (").And.NotContain("GRANT");
    }

    [Theory]
    [InlineData((int)ExitCode.Usage, "--schema takes the name of a schema", "--sql", "--schema", "a; DROP TABLE b")]
    [InlineData((int)ExitCode.Unusable, "This version of the tool knows steps 1 to ", "--sql", "--from", "1000")]
    [InlineData((int)ExitCode.Usage, "--sql", "--schema", "support_calls")]
    public async Task Schema_InvalidArguments_AreExplained(int exitCode, string error, params string[] arguments)
    {
        var result = await ToolProcess.RunAsync(["inbox", "schema", .. arguments]);

        ((int)result.ExitCode).Should().Be(exitCode);
        result.Error.Should().Contain(error);
    }
}
