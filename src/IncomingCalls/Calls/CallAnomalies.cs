namespace IncomingCalls;

/// <summary>What does not fit together in the notifications of a call. They change no outcome; they explain one.</summary>
[Flags]
public enum CallAnomalies
{
    /// <summary>Everything fits.</summary>
    None = 0,

    /// <summary>More than one outcome status was reported, <c>missed</c> and <c>declined</c> for example.</summary>
    SeveralOutcomes = 1,

    /// <summary>A notification named another <c>from</c> than the caller, a known fault of the gateway.</summary>
    OtherFrom = 2,

    /// <summary>The call rang from the instance itself: an outgoing call reported as incoming. An outcome alone does not say so.</summary>
    FromSelf = 4,

    /// <summary>The outcome carries an earlier time than the offer.</summary>
    TimesReversed = 8,
}
