using System.Text;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tests.Output;

public sealed class OutputFailureTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("tail --help")]
    [InlineData("doctor --id-instance 1 --token t --api-url http://127.0.0.1:1")]
    [InlineData("doctor --id-instance 1 --token t --api-url http://127.0.0.1:1 --json")]
    [InlineData("simulate")]
    public async Task Output_NotWritable_ReportsOneSentence(string arguments)
    {
        await using var full = new DiskFullWriter();
        using var error = new StringWriter();
        var terminal = new Terminal { Out = full, Error = error, IsInteractive = false, Time = TimeProvider.System };

        var code = await Tool.RunAsync(arguments.Split(' '), terminal).WaitAsync(TimeSpan.FromSeconds(60));

        code.Should().Be(ExitCode.Unusable);
        error.ToString().Trim().Should().Be("The output cannot be written: it is closed, or the disk is full.");
    }
}

/// <summary>A stream on a full disk.</summary>
internal sealed class DiskFullWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("No space left on device");
}
