namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>What the host's own classes do in a row of the table.</summary>
internal sealed class RowScript : ICallPolicy
{
    public Func<CallPolicyContext, CallDecision> Policy { get; set; } = CallPolicies.AllStatuses.Decide;

    public Func<Task> Foreign { get; set; } = () => Task.CompletedTask;

    public int ForeignAttempts { get; set; }

    public CallDecision Decide(CallPolicyContext context) => Policy(context);
}
