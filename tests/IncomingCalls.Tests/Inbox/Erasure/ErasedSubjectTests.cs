using System.Text;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Inbox.Erasure;

/// <summary>What of an inbox belongs to an erased person or instance, and which notifications an erasure discards.</summary>
public class ErasedSubjectTests
{
    private const long Instance = 1101000001;
    private const string Number = "70000000101";

    private static readonly DateTimeOffset At = new(2026, 11, 23, 15, 20, 40, 500, TimeSpan.Zero);
    private static readonly ChatId Caller = ChatId.Parse($"{Number}@c.us");
    private static readonly ChatId Other = ChatId.Parse("70000000102@c.us");

    [Fact]
    public void Covers_AnyFactNamesThePerson_IsErased()
    {
        var subject = ErasedSubject.ForCaller(null, Caller, null, At);

        subject.Covers(CreateHistory(At, Other, Caller)).Should().BeTrue();
        subject.Covers(CreateHistory(At, Other)).Should().BeFalse();
        subject.Covers(CreateHistory(At.AddTicks(1), Caller)).Should().BeFalse("it began after the erasure");
    }

    [Fact]
    public void Covers_InstanceItselfIsNamed_IsACallOfSomebodyElse()
    {
        var history = CreateHistory(At, Caller);
        var own = new CallHistory { Key = history.Key, FirstReceivedAt = At, Facts = [history.Facts[0] with { IsFromSelf = true }] };

        ErasedSubject.ForCaller(null, Caller, null, At).Covers(own).Should().BeFalse();
    }

    [Fact]
    public void Report_OfACaller_HasAHashAndAnotherSaltEachTime()
    {
        var (first, second) = (ErasedSubject.ForCaller("acme", Caller, " ", At).Report, ErasedSubject.ForCaller("acme", Caller, null, At).Report);

        first.Salt.Should().NotBe(second.Salt);
        first.Callers.Should().NotEqual(second.Callers).And.OnlyContain(hash => hash.Length == 64);
        first.PerformedBy.Should().BeNull();
        first.ToString().Should().NotContain(Number);
        ErasedSubject.ForReport(first).CoversPerson("acme", null, $"+{Number}").Should().BeTrue();
        ErasedSubject.ForReport(first).CoversPerson("globex", null, $"+{Number}").Should().BeFalse();
        ErasedSubject.ForReport(first).CoversPerson("", null, $"+{Number}").Should().BeFalse();
    }

    [Fact]
    public void WithAccounts_InstanceOfAnotherAccount_IsNotCovered()
    {
        var subject = ErasedSubject.ForCaller("acme", Caller, null, At).WithAccounts([(1, "globex"), (2, "acme"), (2, "globex")]);

        subject.Covers(1, Caller.Value).Should().BeFalse();
        subject.Covers(2, Caller.Value).Should().BeTrue();
        subject.Covers(3, Caller.Value).Should().BeTrue("the account of the instance is not known");
        subject.CoversText(1, Encoding.UTF8.GetBytes(Number)).Should().BeFalse();
    }

    [Fact]
    public void WithAliases_OneNumberOfTwoLinkedIds_CoversAllThree()
    {
        var subject = ErasedSubject.ForCaller(null, ChatId.Parse("100000000000001@lid"), null, At)
            .WithAliases([(1, "100000000000002@lid", $"+{Number}"), (1, "100000000000001@lid", $"+{Number}"), (1, "100000000000003@lid", "+70000000102")]);

        subject.Report.Callers.Should().HaveCount(3);
        subject.CoversPerson(null, null, $"+{Number}").Should().BeTrue();
        subject.Covers(1, "100000000000002@lid").Should().BeTrue();
        subject.Covers(1, "100000000000003@lid").Should().BeFalse();
    }

    [Theory]
    [InlineData("70000000101", true)]
    [InlineData("\"from\":\"70000000101@c.us\"", true)]
    [InlineData("+70000000101:1", true)]
    [InlineData("170000000101", false)]
    [InlineData("700000001011", false)]
    [InlineData("7000000010", false)]
    [InlineData("", false)]
    public void CoversText_RunsOfDigits_AreComparedAsAWhole(string text, bool isCovered) =>
        ErasedSubject.ForCaller(null, Caller, null, At).CoversText(null, Encoding.UTF8.GetBytes(text)).Should().Be(isCovered);

    [Fact]
    public void Reduce_AnotherPersonOfAnErasedCall_LosesOnlyThatCall()
    {
        var state = CreateState(Other, ("A", -60), ("B", -50), ("C", -40));

        var reduced = ErasedSubject.ForCaller(null, Caller, null, At).Reduce(state, static call => call.IdMessage == "B");

        reduced!.Calls.Select(static call => call.Call.IdMessage).Should().Equal("A", "C");
    }

    [Fact]
    public void Reduce_ErasedPerson_KeepsCallsInTheSecondOfTheErasure()
    {
        var state = CreateState(Caller, ("A", -60), ("B", -1), ("C", 0));

        var reduced = ErasedSubject.ForCaller(null, Caller, null, At).Reduce(state, static _ => false);

        reduced!.Calls.Select(static call => call.Call.IdMessage).Should().Equal("C");
        ErasedSubject.ForCaller(null, Caller, null, At).Reduce(CreateState(Caller, ("A", -60)), static _ => false).Should().BeNull();
    }

    [Theory]
    [InlineData(-1, IntakeOutcome.Discarded)]
    [InlineData(0, IntakeOutcome.Stored)]
    [InlineData(1, IntakeOutcome.Stored)]
    public void Discards_TimestampsInWholeSeconds_KeepThatOfTheErasure(int seconds, IntakeOutcome outcome)
    {
        var list = new ErasureList([ErasedSubject.ForCaller(null, Caller, null, At).Report]);

        list.Discards(CreateReceived(Caller, seconds), account: null).Should().Be(outcome == IntakeOutcome.Discarded);
        list.Discards(CreateReceived(Other, seconds), account: null).Should().BeFalse();
        list.Discards(CreateReceived(Caller, seconds), account: "acme").Should().BeFalse();
    }

    [Fact]
    public void Discards_Instance_AllOfIt()
    {
        var list = new ErasureList([ErasedSubject.ForInstance(Instance, null, At).Report]);

        list.Discards(CreateReceived(null, -1), account: "acme").Should().BeTrue();
        list.Discards(CreateReceived(null, 1), account: "acme").Should().BeFalse();
    }

    [Fact]
    public void FromJson_ReportCannotBeRead_OmitsIt()
    {
        var typeInfo = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<ErasureReport>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport));
        var valid = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(ErasedSubject.ForCaller(null, Caller, null, At).Report, typeInfo);

        var list = ErasureList.FromJson(["{"u8.ToArray(), "null"u8.ToArray(), """{"id":"00000000-0000-0000-0000-000000000000","at":"2026-11-23T15:20:40Z"}"""u8.ToArray(), valid], typeInfo);

        list.Discards(CreateReceived(Caller, -1), account: null).Should().BeTrue();
        ErasureList.FromJson(["{"u8.ToArray()], typeInfo).Should().BeSameAs(ErasureList.Empty);
    }

    private static CallHistory CreateHistory(DateTimeOffset receivedAt, params ChatId[] callers) => new()
    {
        Key = new(Instance, "A"),
        FirstReceivedAt = receivedAt,
        Facts = [.. callers.Select((caller, index) => new CallFact { Key = $"status{index}", Kind = CallEventKind.Missed, From = caller, OccurredAt = receivedAt })],
    };

    private static PersonState CreateState(ChatId person, params (string Id, int Seconds)[] calls) => new()
    {
        Person = Person.Of(person, Instance, account: null)!,
        Calls = [.. calls.Select(static call => new PersonCall { Call = new(Instance, call.Id), At = At.AddMilliseconds(-500).AddSeconds(call.Seconds) })],
        ExpiresAt = At.AddDays(14),
    };

    private static ReceivedCallNotification CreateReceived(ChatId? from, int seconds) => new()
    {
        Notification = new() { IdMessage = "A", Instance = new() { IdInstance = Instance }, From = from, Timestamp = At.AddMilliseconds(-500).AddSeconds(seconds) },
        Decision = CallDecision.Track,
        ReceivedAt = At,
    };
}
