using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Calls;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Storage;

/// <summary>Two activations of the same grain, as in a network partition. The test acts as the second one and writes to the storage.</summary>
public sealed class WriteConflictTests : IAsyncLifetime
{
    private readonly TestStorage _storage = new();
    private readonly EventRecorder _recorder = new();
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(services => SingleSiloCluster.Add(services, _storage), _recorder);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Accept_AnotherActivationWroteTheSameOutcome_IsADuplicate()
    {
        await _node.DeliverAsync(Node.CreateNotification("offer"));
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered A"));
        await WaitUntilFinishedAsync();
        WriteFact("pickup", CallEventKind.Answered);

        var result = await _node.Intake.AcceptAsync(Node.CreateNotification("pickUp"));

        result.Outcome.Should().Be(IntakeOutcome.Duplicate, "the notification was stored by the other activation");
    }

    [Fact]
    public async Task Accept_AnotherActivationWroteAnotherFact_StoresBoth()
    {
        await _node.DeliverAsync(Node.CreateNotification("offer"));
        await WaitUntilFinishedAsync();
        WriteFact("pickup", CallEventKind.Answered);

        (await _node.Intake.AcceptAsync(Node.CreateNotification("hungUp"))).ShouldAcknowledge.Should().BeTrue();

        var facts = ReadStored().Call!.History.Facts.Select(fact => fact.Key);
        facts.Should().Equal("hungup", "offer", "pickup");
        _recorder.Lines.Should().NotContain("Dropped A", "answered outranks dropped");
    }

    [Fact]
    public async Task Accept_RepeatedEtagConflicts_IsNotAcknowledged()
    {
        await _node.DeliverAsync(Node.CreateNotification("offer"));
        await WaitUntilFinishedAsync();
        _storage.BeforeWrite = grain =>
        {
            if (TestStorage.IsOfType(grain, "call"))
            {
                _storage["call", grain] = _storage["call", grain];
            }

            return Task.CompletedTask;
        };

        var accept = async () => await _node.Intake.AcceptAsync(Node.CreateNotification("pickUp"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        await _node.DeliverAsync(Node.CreateNotification("pickUp"));
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered A", "Answered A"));
    }

    [Fact]
    public async Task Accept_AnotherActivationOwnsTheDelivery_WaitsForTheWakeUp()
    {
        await _node.DeliverAsync(Node.CreateNotification("offer"));
        await WaitUntilFinishedAsync();
        WriteAnswered();

        (await _node.Intake.AcceptAsync(Node.CreateNotification("pickUp"))).Outcome.Should().Be(IntakeOutcome.Duplicate);

        _recorder.Lines.Should().Equal("Offered A");
        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeUpAsync(ReadStored().Bucket!.Value, ReadStored().Generation);
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered A", "Answered A"));
    }

    [Fact]
    public async Task Accept_NewActivationLoadsAPendingEvent_WaitsForTheWakeUp()
    {
        var call = GrainId.Create(CallGrain.Type, "1101000001/A");
        _storage["call", call] = StoredStateSerializer.Serialize(AcceptInto(new(), "offer", CallLabel.IncomingCall), CallGrainState.TypeInfo);

        (await _node.Intake.AcceptAsync(Node.CreateNotification("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);

        await _node.DeliverAsync(Node.CreateNotification("offer", "B"));
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered B"));
        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeUpAsync(bucket: 7, generation: 1);
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered B", "Offered A"));
    }

    [Fact]
    public async Task WakeUp_AnotherActivationWroteTheCall_HandlesTheStoredState()
    {
        await _node.DeliverAsync(Node.CreateNotification("offer"));
        await WaitUntilFinishedAsync();
        WriteAnswered();

        var woken = await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("1101000001/A").WakeUpAsync(ReadStored().Bucket!.Value, ReadStored().Generation);

        woken.Should().NotBeNull("the bucket would forget the call");
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal("Offered A", "Answered A"));
    }

    [Fact]
    public async Task KeepAlive_AnotherActivationAddedAnEntry_ReloadsIt()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IWakeUpBucketGrain>(7);
        await bucket.AddAsync([new() { Call = "1101000001/X", Generation = 1, Entry = CreateEntryDueInAnHour(ticket: 1) }]);
        var state = StoredStateSerializer.Deserialize(_storage["due", _storage.GrainsOf("due").Single()], StoredStateJsonContext.Default.WakeUpBucketState)!;
        _storage["due", _storage.GrainsOf("due").Single()] = StoredStateSerializer.Serialize(state with { Calls = state.Calls.Add("1101000001/Y", CreateEntryDueInAnHour(ticket: 1)) }, StoredStateJsonContext.Default.WakeUpBucketState);

        await bucket.KeepAliveAsync();

        (await bucket.GetStatisticsAsync()).PendingCount.Should().Be(2);
    }

    [Fact]
    public async Task KeepAlive_NoOtherWriter_PreservesUnwrittenChanges()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IWakeUpBucketGrain>(7);
        await bucket.AddAsync([new() { Call = "1101000001/X", Generation = 1, Entry = CreateEntryDueInAnHour(ticket: 1) }]);
        await bucket.UpdateAsync([new() { Call = "1101000001/X", Generation = 1 }]);

        await bucket.KeepAliveAsync();

        (await bucket.GetStatisticsAsync()).PendingCount.Should().Be(0, "the call is finished and must not be woken up");
    }

    [Fact]
    public async Task Add_BucketWrittenByALaterVersion_FailsAndOverwritesNothing()
    {
        var bucket = _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IWakeUpBucketGrain>(7);
        await bucket.AddAsync([new() { Call = "1101000001/X", Generation = 1, Entry = CreateEntryDueInAnHour(ticket: 1) }]);
        var stored = _storage.GrainsOf("due").Single();
        _storage["due", stored] = new() { Version = StoredState.CurrentVersion + 1, Document = "{}"u8.ToArray() };

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var adding = async () => await bucket.AddAsync([new() { Call = "1101000001/Y", Generation = 1, Entry = CreateEntryDueInAnHour(ticket: 1) }]);
            await adding.Should().ThrowAsync<CallInboxUnavailableException>();
        }

        _storage["due", stored].Version.Should().Be(StoredState.CurrentVersion + 1);
    }

    /// <summary>Writes the call as another activation that has accepted the outcome and not handled it yet.</summary>
    private void WriteAnswered() => Write(AcceptInto(ReadStored(), "pickUp", CallLabel.AnsweredCall));

    /// <summary>Gets the call after an activation has accepted a notification and not handled it yet.</summary>
    private CallGrainState AcceptInto(CallGrainState record, string status, CallLabel label) => record.WithTransition(
        _node.Services.GetRequiredService<CallTransitions>().Accept(record.Call, new()
        {
            Notification = Node.CreateNotification(status),
            Decision = CallDecision.Handle(label),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        }),
        static () => 7);

    private static WakeUpEntry CreateEntryDueInAnHour(long ticket)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new() { Generation = ticket, DueAt = now.AddHours(1), PendingCount = 1, OldestPendingAt = now };
    }

    private CallGrainState ReadStored() => StoredStateSerializer.Deserialize(_storage["call", _storage.GrainsOf("call").Single()], CallGrainState.TypeInfo)!;

    /// <summary>Waits until the offer is handled, after which the grain writes nothing without a further notification.</summary>
    private Task WaitUntilFinishedAsync() => Eventually.HoldsAsync(() => ReadStored().Call!.PendingCount.Should().Be(0));

    private void WriteFact(string key, CallEventKind kind)
    {
        var record = ReadStored();
        var history = record.Call!.History;
        var fact = new CallFact { Key = key, Kind = kind, OccurredAt = TimeProvider.System.GetUtcNow() };
        var call = record.Call with { History = new() { Key = history.Key, FirstReceivedAt = history.FirstReceivedAt, Facts = [.. history.Facts, fact] }, OutcomeDueAt = null };
        Write(record with { Call = call });
    }

    private void Write(CallGrainState record) => _storage["call", _storage.GrainsOf("call").Single()] = StoredStateSerializer.Serialize(record, CallGrainState.TypeInfo);
}
