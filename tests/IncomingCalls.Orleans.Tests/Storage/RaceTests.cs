using IncomingCalls.Inboxes;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

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

    [Fact]
    public async Task Accept_AnotherActivationIsAtWorkOnTheEvent_LeavesItToThatOneUntilTheBucketWakesTheCall()
    {
        await _node.DeliverAsync(Node.Call("offer"));
        await FinishedAsync();
        WriteAnswered();

        (await _node.Intake.AcceptAsync(Node.Call("pickUp"))).Outcome.Should().Be(IntakeOutcome.Repeat);

        _told.Lines.Should().Equal("Offered A");
        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeAsync(Stored().Bucket!.Value, Stored().Ticket);
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered A", "Answered A"));
    }

    [Fact]
    public async Task Accept_FreshActivationFindsAnEventThatAnotherOneWrote_LeavesItToThatOneUntilTheBucketWakesTheCall()
    {
        var call = GrainId.Create(CallGrain.Type, "1101000001/A");
        _storage["call", call] = DocumentForm.Write(Taken(new(), "offer", CallLabel.IncomingCall), DocumentContext.Default.CallRecord);

        (await _node.Intake.AcceptAsync(Node.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Repeat);

        await _node.DeliverAsync(Node.Call("offer", "B"));
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered B"));
        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeAsync(bucket: 7, ticket: 1);
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered B", "Offered A"));
    }

    [Fact]
    public async Task Wake_AnotherActivationWroteTheCall_HandlesWhatIsStored()
    {
        await _node.DeliverAsync(Node.Call("offer"));
        await FinishedAsync();
        WriteAnswered();

        var woken = await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeAsync(Stored().Bucket!.Value, Stored().Ticket);

        woken.Should().NotBeNull("the bucket would forget the call");
        await Eventually.HoldsAsync(() => _told.Lines.Should().Equal("Offered A", "Answered A"));
    }

    [Fact]
    public async Task Upkeep_AnotherActivationEnteredACall_IsNoticed()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IDueCallsGrain>(7);
        await bucket.KeepAsync([new() { Call = "1101000001/X", Ticket = 1, Due = InAnHour(ticket: 1) }]);
        var state = DocumentForm.Read(_storage["due", _storage.Of("due").Single()], DocumentContext.Default.DueCalls)!;
        _storage["due", _storage.Of("due").Single()] = DocumentForm.Write(state with { Calls = state.Calls.Add("1101000001/Y", InAnHour(ticket: 1)) }, DocumentContext.Default.DueCalls);

        await bucket.UpkeepAsync();

        (await bucket.CountAsync()).Owed.Should().Be(2);
    }

    [Fact]
    public async Task Upkeep_NobodyElseWrote_KeepsWhatOnlyTheMemoryKnows()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IDueCallsGrain>(7);
        await bucket.KeepAsync([new() { Call = "1101000001/X", Ticket = 1, Due = InAnHour(ticket: 1) }]);
        await bucket.NoteAsync([new() { Call = "1101000001/X", Ticket = 1 }]);

        await bucket.UpkeepAsync();

        (await bucket.CountAsync()).Owed.Should().Be(0, "the call has ended, and would be woken for nothing");
    }

    [Fact]
    public async Task Keep_ALaterVersionWroteTheBucket_IsRefusedEachTimeAndNothingIsSpoiled()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IDueCallsGrain>(7);
        await bucket.KeepAsync([new() { Call = "1101000001/X", Ticket = 1, Due = InAnHour(ticket: 1) }]);
        var stored = _storage.Of("due").Single();
        _storage["due", stored] = new() { Version = StoredState.CurrentVersion + 1, Document = "{}"u8.ToArray() };

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var keep = async () => await bucket.KeepAsync([new() { Call = "1101000001/Y", Ticket = 1, Due = InAnHour(ticket: 1) }]);
            await keep.Should().ThrowAsync<CallInboxUnavailableException>();
        }

        _storage["due", stored].Version.Should().Be(StoredState.CurrentVersion + 1);
    }

    /// <summary>Writes the call as an activation does that has taken the outcome and not handled it yet.</summary>
    private void WriteAnswered() => Write(Taken(Stored(), "pickUp", CallLabel.AnsweredCall));

    /// <summary>The call once an activation has taken a notification and not handled it yet.</summary>
    private CallRecord Taken(CallRecord record, string status, CallLabel label) => record.After(
        _node.Services.GetRequiredService<InboxServices>().Take(record.Call, new()
        {
            Notification = Node.Call(status),
            Decision = CallDecision.Handle(label),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        }),
        static () => 7);

    private static DueCall InAnHour(long ticket)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new() { Ticket = ticket, DueAt = now.AddHours(1), Owed = 1, Since = now };
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
        Write(record with { Call = call });
    }

    private void Write(CallRecord record) => _storage["call", _storage.Of("call").Single()] = DocumentForm.Write(record, DocumentContext.Default.CallRecord);
}
