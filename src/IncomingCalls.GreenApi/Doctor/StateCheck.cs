using System.Globalization;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks whether the API is reachable and accepts the token, the state of the instance, and whether the clocks agree.</summary>
internal static class StateCheck
{
    private const string Method = "getStateInstance";

    /// <summary>The length of the alert window. With a larger skew every alert counts as expired, or none does, regardless of the call.</summary>
    private static readonly TimeSpan LargeClockSkew = TimeSpan.FromMinutes(1);

    /// <returns>A task whose result is whether further methods of the API can still succeed.</returns>
    public static async Task<bool> RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        var result = await examination.SendAsync(client => client.GetStateInstanceAsync(examination.Instance, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (result.HttpStatus is not null)
        {
            CheckClock(examination, result.ClockSkew);
        }

        if (!result.IsOk)
        {
            return examination.AddFailure(Method, result);
        }

        examination.AddFinding(DoctorFindingCode.ApiTokenAccepted, $"{Method} returned {result}.");
        var state = result.Value!;
        examination.AddFinding(ToFindingCode(state.State), $"The state of the instance is {state.State}.");
        return true;
    }

    private static void CheckClock(Examination examination, TimeSpan? clockSkew)
    {
        if (clockSkew is not { } skew)
        {
            examination.AddFinding(DoctorFindingCode.ClockUnknown, "The response of the API had no Date header.");
            return;
        }

        var deviation = skew.Duration();
        var code = deviation >= LargeClockSkew ? DoctorFindingCode.ClockFarOff
            : deviation > examination.Options.ClockTolerance ? DoctorFindingCode.ClockOff
            : DoctorFindingCode.ClockRight;
        var message = skew == TimeSpan.Zero ? "The clock of this host agrees with the clock of the API."
            : skew < TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"The clock of this host is {deviation.TotalSeconds:0} s behind the clock of the API.")
            : string.Create(CultureInfo.InvariantCulture, $"The clock of this host is {deviation.TotalSeconds:0} s ahead of the clock of the API.");
        examination.AddFinding(code, message);
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
