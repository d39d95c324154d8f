using System.Globalization;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Whether the API can be reached and takes the token, what state the instance is in, and whether the clocks agree.</summary>
internal static class StateCheck
{
    private const string Method = "getStateInstance";

    /// <summary>From here on every alert would count as too late, or as in time, whatever its call is doing: the alert window.</summary>
    private static readonly TimeSpan LargeClockSkew = TimeSpan.FromMinutes(1);

    /// <returns>Whether it makes sense to ask the API further.</returns>
    public static async Task<bool> RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Client.GetStateInstanceAsync(examination.Instance, cancellationToken).ConfigureAwait(false);
        if (answer.HttpStatus is not null)
        {
            CheckClock(examination, answer.ClockSkew);
        }

        if (!answer.IsOk)
        {
            return examination.AddFailure(Method, answer);
        }

        examination.AddFinding(DoctorFindingCode.ApiTokenAccepted, $"{Method} was answered {answer}.");
        var state = answer.Value!;
        examination.AddFinding(ToFindingCode(state.State), $"The state of the instance is {state.State}.");
        return true;
    }

    private static void CheckClock(Examination examination, TimeSpan? difference)
    {
        if (difference is not { } ahead)
        {
            examination.AddFinding(DoctorFindingCode.ClockUnknown, "The answer of the API had no Date header.");
            return;
        }

        var off = ahead.Duration();
        var code = off >= LargeClockSkew ? DoctorFindingCode.ClockFarOff
            : off > examination.Options.ClockTolerance ? DoctorFindingCode.ClockOff
            : DoctorFindingCode.ClockRight;
        var relation = off == TimeSpan.Zero ? "agrees with"
            : string.Create(CultureInfo.InvariantCulture, $"is {off.TotalSeconds:0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")}");
        examination.AddFinding(code, $"The clock of this host {relation} that of the API.");
    }

    private static DoctorFindingCode ToFindingCode(GreenApiInstanceState state) => state switch
    {
        GreenApiInstanceState.Authorized => DoctorFindingCode.InstanceAuthorized,
        GreenApiInstanceState.NotAuthorized => DoctorFindingCode.InstanceNotAuthorized,
        GreenApiInstanceState.Blocked => DoctorFindingCode.InstanceBlocked,
        GreenApiInstanceState.SleepMode => DoctorFindingCode.InstanceAsleep,
        GreenApiInstanceState.Starting => DoctorFindingCode.InstanceStarting,
        GreenApiInstanceState.Suspended => DoctorFindingCode.InstanceSuspended,
        GreenApiInstanceState.PendingPassword => DoctorFindingCode.InstancePasswordPending,
        _ => DoctorFindingCode.InstanceStateUnknown,
    };
}
