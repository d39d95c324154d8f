using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tests.Commands;

public sealed class ConfirmationTests
{
    /// <summary>The reader of the console blocks its thread until a line is available and ignores its cancellation token.</summary>
    [Fact]
    public async Task RequireAsync_Interrupted_DeclinesAtOnce()
    {
        using var answers = new BlockingReader();
        using var error = new StringWriter();
        using var interrupt = new CancellationTokenSource();
        var terminal = new Terminal { Out = TextWriter.Null, Error = error, In = answers, IsInteractive = true, Time = TimeProvider.System };

        var asking = Task.Run(() => Confirmation.RequireAsync(terminal, "Really?", interrupt.Token));
        await answers.ReadStarted.WaitAsync(TimeSpan.FromSeconds(60));
        await interrupt.CancelAsync();

        var thrown = await asking.Awaiting(it => it.WaitAsync(TimeSpan.FromSeconds(60))).Should().ThrowAsync<CommandFailedException>();
        thrown.Which.Code.Should().Be(ExitCode.Declined);
        thrown.Which.Message.Should().Be("Nothing was changed.");
    }
}

/// <summary>A reader without input: a read blocks until the reader is disposed.</summary>
internal sealed class BlockingReader : TextReader
{
    private readonly TaskCompletionSource _readStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _disposed = new();

    /// <summary>Completes when a read has started.</summary>
    public Task ReadStarted => _readStarted.Task;

    public override string? ReadLine()
    {
        _readStarted.TrySetResult();
        _disposed.Wait();
        return null;
    }

    public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => new(ReadLine());

    protected override void Dispose(bool disposing)
    {
        _disposed.Set();
        base.Dispose(disposing);
    }
}
