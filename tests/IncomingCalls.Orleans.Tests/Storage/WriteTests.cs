using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace IncomingCalls.Orleans.Tests.Storage;

/// <summary>What reaches the storage, and what becomes of a notification when something does not.</summary>
public sealed class WriteTests : IAsyncLifetime
{
    private readonly TestStorage _storage = new();
    private readonly Told _told = new();
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(services => MemoryCluster.Add(services, _storage), _told);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Accept_ManyCallsAtOnce_TakesTwoWritesOfEachAndTwoOfABucket()
    {
        const int Calls = 200;
        var gathered = new TaskCompletionSource();
        _storage.BeforeWrite = grain => TestStorage.IsOf(grain, "due") ? gathered.Task : Task.CompletedTask;

        var deliveries = Enumerable.Range(0, Calls).Select(i => _node.DeliverAsync(Node.Call("declined", $"call-{i}"))).ToArray();
        await Eventually.HoldsAsync(() => _storage.WritesOf("call").Should().Be(Calls, "the calls are written beside the bucket, not after it"));
        deliveries.Should().OnlyContain(delivery => !delivery.IsCompleted, "no bucket has them yet");
        gathered.SetResult();
        await Task.WhenAll(deliveries);
        await HandledAsync(Calls);
        await NothingIsOwedAsync();

        _storage.WritesOf("call").Should().Be(2 * Calls);
        _storage.WritesOf("due").Should().Be(2, "all that came during the first write share the second");
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_Written_KeepsNoDocumentInMemory(string type)
    {
        await _node.DeliverAsync(Node.Call("declined"));
        await NothingIsOwedAsync();

        await Eventually.HoldsAsync(() => _storage.DocumentsInMemory(type).Should().Be(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upkeep_ReadAgain_KeepsNoDocumentInMemory(bool isWrittenByAnother)
    {
        await _node.DeliverAsync(Node.Call("declined"));
        await NothingIsOwedAsync();
        var grain = _storage.Of("due").Single();
        if (isWrittenByAnother)
        {
            _storage["due", grain] = _storage["due", grain];
        }

        await _node.Services.GetRequiredService<IGrainFactory>().GetGrain<IDueCallsGrain>(grain.GetIntegerKey()).UpkeepAsync();

        await Eventually.HoldsAsync(() => _storage.DocumentsInMemory("due").Should().Be(0));
    }

    [Fact]
    public async Task Accept_Repeat_IsNotWritten()
    {
        await _node.DeliverAsync(Node.Call("declined"));
        await NothingIsOwedAsync();
        var calls = _storage.WritesOf("call");

        (await _node.Intake.AcceptAsync(Node.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Repeat);

        _storage.WritesOf("call").Should().Be(calls);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_WriteFails_IsNotAcknowledgedAndHandledWhenItComesAgain(string type)
    {
        _storage.BeforeWrite = grain => FailAsync(grain, type);
        await RefusedAsync();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        (await _node.Intake.AcceptAsync(Node.Call("declined"))).ShouldAcknowledge.Should().BeTrue();

        await HandledAsync(1);
        await NothingIsOwedAsync();
    }

    [Theory]
    [InlineData("call")]
    [InlineData("due")]
    public async Task Accept_AnswerOfTheStorageIsLost_IsHandledOnceWhenItComesAgain(string type)
    {
        _storage.AfterWrite = grain => _ = FailAsync(grain, type);
        await RefusedAsync();

        _storage.AfterWrite = static _ => { };
        await _node.Intake.AcceptAsync(Node.Call("declined"));

        await HandledAsync(1);
        await NothingIsOwedAsync();
        _told.Lines.Should().Equal("Missed A");
    }

    [Fact]
    public async Task Accept_BucketCannotBeWrittenAndTheCallCan_IsEnteredBeforeTheRepeatIsAcknowledged()
    {
        var go = new TaskCompletionSource();
        _told.First = (_, _, _) => go.Task;
        _storage.BeforeWrite = grain => FailAsync(grain, "due");
        await RefusedAsync();
        _storage.Of("call").Should().ContainSingle("the call was written");
        _storage.Of("due").Should().BeEmpty();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        (await _node.Intake.AcceptAsync(Node.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Repeat);

        _storage.Of("due").Should().ContainSingle("nobody would find the call after a crash");
        go.SetResult();
    }

    [Fact]
    public async Task Settle_StorageIsDown_IsWrittenWhenItIsBackAndTheHandlerIsNotRunAgain()
    {
        _told.First = (_, _, _) =>
        {
            _storage.BeforeWrite = static grain => FailAsync(grain, "call");
            return Task.CompletedTask;
        };
        await _node.DeliverAsync(Node.Call("declined"));
        await HandledAsync(1);

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        await NothingIsOwedAsync();

        _told.Lines.Should().Equal("Missed A");
        _node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Message.Contains("nothing is acknowledged until it can"));
    }

    [Fact]
    public async Task Settle_AnswerOfTheStorageIsLost_FailureIsCountedOnce()
    {
        List<int> attempts = [];
        _told.First = (_, callEvent, _) =>
        {
            attempts.Add(callEvent.Attempt);
            if (attempts.Count > 1)
            {
                return Task.CompletedTask;
            }

            _storage.AfterWrite = grain =>
            {
                if (TestStorage.IsOf(grain, "call"))
                {
                    _storage.AfterWrite = static _ => { };
                    throw new IOException("No.");
                }
            };
            throw new InvalidOperationException("Not yet.");
        };

        await _node.DeliverAsync(Node.Call("declined"));
        await HandledAsync(1);
        await NothingIsOwedAsync();

        attempts.Should().Equal(1, 2);
    }

    private static Task FailAsync(GrainId grain, string type) =>
        TestStorage.IsOf(grain, type) ? throw new IOException("No.") : Task.CompletedTask;

    private async Task RefusedAsync()
    {
        var accept = async () => await _node.Intake.AcceptAsync(Node.Call("declined"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private Task HandledAsync(int count) => Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(count));

    private Task NothingIsOwedAsync() => Eventually.HoldsAsync(async () => (await _node.Inbox.GetStatisticsAsync()).Depth.Should().Be(0));
}
