namespace IncomingCalls.CrashTests.Tests.Verification;

public class ExpectedCallTests
{
    [Theory]
    [InlineData("offer pickUp", "Offered (OutcomeUnknown) Answered", CallOutcome.Answered)]
    [InlineData("offer offer pickUp pickUp", "Offered (OutcomeUnknown) Answered", CallOutcome.Answered)]
    [InlineData("offer", "Offered OutcomeUnknown", CallOutcome.Unknown)]
    [InlineData("-", "Offered", CallOutcome.None)]
    [InlineData("- offer missed", "Offered (OutcomeUnknown) Missed", CallOutcome.Missed)]
    [InlineData("pickUp offer hungUp", "Answered", CallOutcome.Answered)]
    [InlineData("declined offer pickUp", "Missed Answered", CallOutcome.Answered)]
    [InlineData("missed declined", "Missed", CallOutcome.Missed)]
    [InlineData("offer missed hungUp pickUp", "Offered (OutcomeUnknown) Missed Dropped Answered", CallOutcome.Answered)]
    [InlineData("hangUp hungUp", "Dropped", CallOutcome.Dropped)]
    [InlineData("transferred Transferred pickUp on-hold", "Unrecognized Answered Unrecognized", CallOutcome.Answered)]
    public void Events_EachStatusSequence_AreThoseOfTheDesign(string statuses, string events, CallOutcome outcome)
    {
        var expected = new ExpectedCall(statuses.Split(' ').Select(status => status == "-" ? null : status));

        string.Join(' ', expected.Events.OrderBy(due => due.Position).Select(due => due.IsOptional ? $"({due.Kind})" : $"{due.Kind}")).Should().Be(events);
        expected.Outcome.Should().Be(outcome);
    }
}
