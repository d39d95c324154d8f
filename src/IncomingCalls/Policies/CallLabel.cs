namespace IncomingCalls;

/// <summary>What a chat record says about a call. The texts come from <see cref="IncomingCallsOptions.Culture"/> and <see cref="IncomingCallsOptions.Labels"/>.</summary>
public enum CallLabel
{
    /// <summary>No record.</summary>
    None = 0,

    /// <summary>The call is ringing: Incoming call, «Входящий вызов».</summary>
    IncomingCall,

    /// <summary>Somebody answered: Answered call, «Отвеченный звонок».</summary>
    AnsweredCall,

    /// <summary>The called side refused: Dropped call, «Сброшенный звонок».</summary>
    DroppedCall,

    /// <summary>Nobody answered: Missed call, «Пропущенный звонок».</summary>
    MissedCall,
}
