using System.Text.Json;
using IncomingCalls.Inboxes;
using IncomingCalls.Orleans.Tests.Hosting;

namespace IncomingCalls.Orleans.Tests.Storage;

/// <summary>Two activations of the same grain, as a partition of the network makes them: the second is played by the test, which writes to the storage.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private readonly TestStorage _storage = new();
    private readonly Told _told = new();
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(services => MemoryCluster.Add(services, _storage), _told);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Accept_AnotherActivationWroteTheSameOutcome_IsARepeat()
    {
        await _node.DeliverAsync(Node.Call("offer"));
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered A"));
        await FinishedAsync();
        WriteFact("pickup", CallEventKind.Answered);

        var result = await _node.Intake.AcceptAsync(Node.Call("pickUp"));

        result.Outcome.Should().Be(IntakeOutcome.Repeat, "what the other one has kept counts");
    }

    [Fact]
    public async Task Accept_AnotherActivationWroteSomethingElse_KeepsBoth()
    {
        await _node.DeliverAsync(Node.Call("offer"));
        await FinishedAsync();
        WriteFact("pickup", CallEventKind.Answered);

        (await _node.Intake.AcceptAsync(Node.Call("hungUp"))).ShouldAcknowledge.Should().BeTrue();

        var facts = Stored().Call!.History.Facts.Select(fact => fact.Key);
        facts.Should().Equal("hungup", "offer", "pickup");
        _told.Lines.Should().NotContain("Dropped A", "answered outranks dropped");
    }

    [Fact]
    public async Task Accept_AnotherActivationWritesAllTheTime_IsGivenBackToTheTransport()
    {
        await _node.DeliverAsync(Node.Call("offer"));
        await FinishedAsync();
        _storage.BeforeWrite = grain =>
        {
            if (TestStorage.IsOf(grain, "call"))
            {
                _storage["call", grain] = _storage["call", grain];
            }

            return Task.CompletedTask;
        };

        var accept = async () => await _node.Intake.AcceptAsync(Node.Call("pickUp"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        await _node.DeliverAsync(Node.Call("pickUp"));
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered A", "Answered A"));
    }

    private CallRecord Stored() => DocumentForm.Read(_storage["call", _storage.Of("call").Single()], DocumentContext.Default.CallRecord)!;

    /// <summary>The offer's handler is through, and the grain writes nothing more of its own accord.</summary>
    private Task FinishedAsync() => Eventually.HoldsAsync(() => Stored().Call!.OwedCount.Should().Be(0));

    private void WriteFact(string key, CallEventKind kind)
    {
        var record = Stored();
        var history = record.Call!.History;
        var fact = new CallFact { Key = key, Kind = kind, OccurredAt = TimeProvider.System.GetUtcNow() };
        var call = record.Call with { History = new() { Key = history.Key, Facts = [.. history.Facts, fact] }, OutcomeDueAt = null };
        _storage["call", _storage.Of("call").Single()] = new()
        {
            Version = StoredState.CurrentVersion,
            Document = JsonSerializer.SerializeToUtf8Bytes(record with { Call = call }, DocumentContext.Default.CallRecord),
        };
    }
}
