using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Storage;

/// <summary>Writes to the storage, and the handling of a notification when a write fails.</summary>
public sealed class StateWriteTests : IAsyncLifetime
{
    private readonly TestStorage _storage = new();
    private readonly EventRecorder _recorder = new();
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(services => SingleSiloCluster.Add(services, _storage), _recorder);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Accept_ConcurrentCalls_WritesEachCallAndTheBucketTwice()
    {
        const int Calls = 200;
        var gathered = new TaskCompletionSource();
        _storage.BeforeWrite = grain => TestStorage.IsOfType(grain, "due") ? gathered.Task : Task.CompletedTask;

        var deliveries = Enumerable.Range(0, Calls).Select(i => _node.DeliverAsync(Node.CreateNotification("declined", $"call-{i}"))).ToArray();
        await Eventually.HoldsAsync(() => _storage.CountWrites("call").Should().Be(Calls, "calls and bucket are written in parallel"));
        deliveries.Should().OnlyContain(delivery => !delivery.IsCompleted, "the bucket is not written yet");
        gathered.SetResult();
        await Task.WhenAll(deliveries);
        await WaitUntilAcknowledgedAsync(Calls);
        await WaitUntilIdleAsync();

        _storage.CountWrites("call").Should().Be(2 * Calls);
        _storage.CountWrites("due").Should().Be(2, "all entries that arrive during the first write share the second");
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_AfterTheWrite_RetainsNoDocumentInMemory(string type)
    {
        await _node.DeliverAsync(Node.CreateNotification("declined"));
        await WaitUntilIdleAsync();

        await Eventually.HoldsAsync(() => _storage.CountDocumentsInMemory(type).Should().Be(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KeepAlive_AfterTheReload_RetainsNoDocumentInMemory(bool isWrittenByAnother)
    {
        await _node.DeliverAsync(Node.CreateNotification("declined"));
        await WaitUntilIdleAsync();
        var grain = _storage.GrainsOf("due").Single();
        if (isWrittenByAnother)
        {
            _storage["due", grain] = _storage["due", grain];
        }

        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IWakeUpBucketGrain>(grain.GetIntegerKey()).KeepAliveAsync();

        await Eventually.HoldsAsync(() => _storage.CountDocumentsInMemory("due").Should().Be(0));
    }

    [Fact]
    public async Task Accept_Duplicate_IsNotWritten()
    {
        await _node.DeliverAsync(Node.CreateNotification("declined"));
        await WaitUntilIdleAsync();
        var calls = _storage.CountWrites("call");

        (await _node.Intake.AcceptAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);

        _storage.CountWrites("call").Should().Be(calls);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_WriteFails_IsHandledOnRedelivery(string type)
    {
        _storage.BeforeWrite = grain => FailAsync(grain, type);
        await AssertNotAcknowledgedAsync();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        (await _node.Intake.AcceptAsync(Node.CreateNotification("declined"))).ShouldAcknowledge.Should().BeTrue();

        await WaitUntilAcknowledgedAsync(1);
        await WaitUntilIdleAsync();
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_StorageResponseLost_IsHandledOnceOnRedelivery(string type)
    {
        _storage.AfterWrite = grain => _ = FailAsync(grain, type);
        await AssertNotAcknowledgedAsync();

        _storage.AfterWrite = static _ => { };
        await _node.Intake.AcceptAsync(Node.CreateNotification("declined"));

        await WaitUntilAcknowledgedAsync(1);
        await WaitUntilIdleAsync();
        _recorder.Lines.Should().Equal("Missed A");
    }

    [Fact]
    public async Task Accept_OnlyTheBucketWriteFails_WritesTheEntryBeforeAcknowledgingTheDuplicate()
    {
        var go = new TaskCompletionSource();
        _recorder.BeforeRecording = (_, _, _) => go.Task;
        _storage.BeforeWrite = grain => FailAsync(grain, "due");
        await AssertNotAcknowledgedAsync();
        _storage.GrainsOf("call").Should().ContainSingle("the call was written");
        _storage.GrainsOf("due").Should().BeEmpty();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        (await _node.Intake.AcceptAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);

        _storage.GrainsOf("due").Should().ContainSingle("otherwise the call would not be found after a crash");
        go.SetResult();
    }

    [Fact]
    public async Task Settle_StorageDown_WritesOnRecoveryWithoutAnotherAttempt()
    {
        _recorder.BeforeRecording = (_, _, _) =>
        {
            _storage.BeforeWrite = static grain => FailAsync(grain, "call");
            return Task.CompletedTask;
        };
        await _node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => _node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Message.Contains("no notifications are acknowledged until it recovers")));

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        await WaitUntilIdleAsync();

        _recorder.Lines.Should().Equal("Missed A");
    }

    [Fact]
    public async Task Settle_StorageResponseLost_CountsTheAttemptOnce()
    {
        List<int> attempts = [];
        _recorder.BeforeRecording = (_, callEvent, _) =>
        {
            attempts.Add(callEvent.Attempt);
            if (attempts.Count > 1)
            {
                return Task.CompletedTask;
            }

            _storage.AfterWrite = grain =>
            {
                if (TestStorage.IsOfType(grain, "call"))
                {
                    _storage.AfterWrite = static _ => { };
                    throw new IOException("No.");
                }
            };
            throw new InvalidOperationException("Not yet.");
        };

        await _node.DeliverAsync(Node.CreateNotification("declined"));
        await WaitUntilAcknowledgedAsync(1);
        await WaitUntilIdleAsync();

        attempts.Should().Equal(1, 2);
    }

    private static Task FailAsync(GrainId grain, string type) =>
        TestStorage.IsOfType(grain, type) ? throw new IOException("No.") : Task.CompletedTask;

    private async Task AssertNotAcknowledgedAsync()
    {
        var accept = async () => await _node.Intake.AcceptAsync(Node.CreateNotification("declined"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private Task WaitUntilAcknowledgedAsync(int count) => Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(count));

    private Task WaitUntilIdleAsync() => Eventually.HoldsAsync(async () => (await _node.Inbox.GetStatisticsAsync()).Depth.Should().Be(0));
}
