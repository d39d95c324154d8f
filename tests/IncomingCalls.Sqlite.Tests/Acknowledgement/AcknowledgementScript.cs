namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>What the host's own classes do in a row of the table.</summary>
internal sealed class AcknowledgementScript : ICallPolicy
{
    public Func<CallPolicyContext, CallDecision> Policy { get; set; } = CallPolicies.AllStatuses.Decide;

    public Func<Task> OnOtherNotification { get; set; } = () => Task.CompletedTask;

    public int OtherNotificationAttempts { get; set; }

    public CallDecision Decide(CallPolicyContext context) => Policy(context);
}
