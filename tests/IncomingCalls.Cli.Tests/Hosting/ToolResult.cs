using System.Text.Json;

namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>What a command has left behind.</summary>
internal sealed class ToolResult
{
    public required int ExitCode { get; init; }

    public required IReadOnlyList<string> Lines { get; init; }

    public required string Error { get; init; }

    public string Output => string.Join('\n', Lines);

    public IReadOnlyList<JsonElement> Json => [.. Lines.Select(Parse)];

    public static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    /// <summary>Documented: one sentence on the error stream, no stack trace, and nothing on the other.</summary>
    public void ShouldHaveFailed(ExitCode code, string sentence)
    {
        Error.Should().Contain(sentence);
        Error.Trim().Should().NotContain("\n").And.NotContain("   at ");
        Lines.Should().BeEmpty();
        ExitCode.Should().Be((int)code);
    }
}
