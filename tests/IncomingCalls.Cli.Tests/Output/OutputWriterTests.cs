using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tests.Output;

public sealed class OutputWriterTests
{
    private const string ControlCharacters = "Anna\u001b[2J\u0007\rMallory";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_ControlCharactersInName_AreReplaced(bool isInteractive)
    {
        var text = WriteToString(isInteractive, asJson: false);

        text.Should().Contain("Anna\uFFFD[2J\uFFFD\uFFFDMallory");
    }

    [Fact]
    public void Write_AsJson_EscapesControlCharacters()
    {
        var text = WriteToString(isInteractive: false, asJson: true);

        text.Should().Contain("Anna\\u001b[2J\\u0007\\rMallory".Replace("\\u001b", "\\u001B", StringComparison.Ordinal));
    }

    private static string WriteToString(bool isInteractive, bool asJson)
    {
        using var screen = new StringWriter();
        var terminal = new Terminal { Out = screen, Error = TextWriter.Null, IsInteractive = isInteractive, Time = TimeProvider.System };
        var line = new TailLine { Type = "call", At = DateTimeOffset.UnixEpoch, Kind = CallEventKind.Offered, Name = ControlCharacters };
        new OutputWriter(terminal, asJson, onWriteFailure: () => { }).Write(line, CliJsonContext.Readable.TailLine);
        return screen.ToString();
    }
}
