namespace IncomingCalls.Cli.Tests.Output;

public sealed class QuestionTests
{
    /// <summary>The console's reader blocks its thread until a line is there, whatever its token says.</summary>
    [Fact]
    public async Task AskAsync_InterruptedAtTheQuestion_IsANoAtOnce()
    {
        using var answers = new SilentReader();
        using var error = new StringWriter();
        using var interrupt = new CancellationTokenSource();
        var terminal = new Terminal { Out = TextWriter.Null, Error = error, Answers = answers, IsInteractive = true, Time = TimeProvider.System };

        var asking = Task.Run(() => Question.AskAsync(terminal, "Really?", interrupt.Token));
        await answers.IsAsked.WaitAsync(TimeSpan.FromSeconds(60));
        await interrupt.CancelAsync();

        var thrown = await asking.Awaiting(it => it.WaitAsync(TimeSpan.FromSeconds(60))).Should().ThrowAsync<CommandFailedException>();
        thrown.Which.Code.Should().Be(ExitCode.NotAgreed);
        thrown.Which.Message.Should().Be("Nothing was changed.");
    }
}
