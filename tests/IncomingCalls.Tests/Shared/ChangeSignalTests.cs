using System.Collections.Concurrent;
using IncomingCalls.Shared;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Tests.Shared;

public class ChangeSignalTests
{
    [Fact]
    public void Signal_TokenTakenBefore_HasChangedAndLaterTokensHaveNot()
    {
        var signal = new ChangeSignal();
        var before = signal.Token;

        signal.Signal();

        before.HasChanged.Should().BeTrue();
        signal.Token.HasChanged.Should().BeFalse();
    }

    [Fact]
    public void Signal_EachTime_InvokesAConsumerThatTakesTheNextTokenOnce()
    {
        var signal = new ChangeSignal();
        var changes = 0;
        using var subscription = ChangeToken.OnChange(() => signal.Token, () => changes++);

        signal.Signal();
        signal.Signal();

        changes.Should().Be(2);
    }

    [Fact]
    public async Task Signal_FromSeveralThreads_ReachesEveryToken()
    {
        var signal = new ChangeSignal();
        var tokens = new ConcurrentBag<IChangeToken>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                var token = signal.Token;
                signal.Signal();
                if (!token.HasChanged)
                {
                    tokens.Add(token);
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(30));

        // Another thread may still have been signalling such a token; by now all have ended.
        tokens.Count(token => !token.HasChanged).Should().Be(0, "each thread signals after it has taken a token");
    }

    [Fact]
    public async Task Token_TakenAndRegisteredDuringSignals_NeverThrows()
    {
        var signal = new ChangeSignal();
        using var over = new CancellationTokenSource();
        var watching = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                signal.Token.RegisterChangeCallback(static _ => { }, null).Dispose();
            }
        })));

        for (var i = 0; i < 20_000; i++)
        {
            signal.Signal();
        }

        await over.CancelAsync();
        await FluentActions.Awaiting(() => watching.WaitAsync(TimeSpan.FromSeconds(10))).Should().NotThrowAsync();
    }
}
