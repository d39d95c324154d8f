namespace IncomingCalls;

/// <summary>What <see cref="CallDoctor"/> can find. The names are stable, and listed with what to do in docs/doctor.md.</summary>
public enum DoctorFindingCode
{
    /// <summary>The API answered in a way that this version does not know.</summary>
    AnswerUnknown = 0,

    /// <summary>The API took the apiTokenInstance.</summary>
    ApiTokenAccepted,

    /// <summary>The entry of the instance cannot work.</summary>
    InstanceUnusable,

    /// <summary>The entry has no apiTokenInstance, so that the API could not be asked.</summary>
    ApiTokenMissing,

    /// <summary>There was no connection to the API, or no answer in time.</summary>
    ApiUnreachable,

    /// <summary>Something else than the API answers at the ApiUrl.</summary>
    ApiUrlWrong,

    /// <summary>The API refused the apiTokenInstance (401).</summary>
    ApiTokenRefused,

    /// <summary>The API refused the idInstance (403).</summary>
    InstanceRefused,

    /// <summary>The instance is not paid for any more, or deleted.</summary>
    InstanceExpired,

    /// <summary>The API had too many requests (429).</summary>
    ApiBusy,

    /// <summary>The API failed (500, 502, 503, 504).</summary>
    ApiFailing,

    /// <summary>The quota of the plan is used up (466).</summary>
    QuotaExceeded,

    /// <summary>This host's clock agrees with the server's.</summary>
    ClockRight,

    /// <summary>This host's clock is off by more than the tolerance: alerts lose seconds, or outlive them.</summary>
    ClockOff,

    /// <summary>This host's clock is off by a minute or more: every alert counts as too late, or none does.</summary>
    ClockFarOff,

    /// <summary>The API did not tell the time.</summary>
    ClockUnknown,

    /// <summary>The instance is logged in to its messenger.</summary>
    InstanceAuthorized,

    /// <summary>The instance is not logged in to its messenger.</summary>
    InstanceNotAuthorized,

    /// <summary>The messenger has banned the account.</summary>
    InstanceBlocked,

    /// <summary>The instance is starting or being created.</summary>
    InstanceStarting,

    /// <summary>The messenger has limited the account.</summary>
    InstanceSuspended,

    /// <summary>The phone is switched off.</summary>
    InstanceAsleep,

    /// <summary>The messenger waits for the account's password.</summary>
    InstancePasswordPending,

    /// <summary>The instance is in a state that this version does not know.</summary>
    InstanceStateUnknown,

    /// <summary>Incoming calls are notified.</summary>
    CallNotificationsOn,

    /// <summary>Incoming calls are not notified.</summary>
    CallNotificationsOff,

    /// <summary>The settings do not tell whether incoming calls are notified.</summary>
    CallNotificationsUnknown,

    /// <summary>Incoming messages are not notified; on older servers calls are not either, then.</summary>
    MessageNotificationsOff,

    /// <summary>The instance is polled, and nothing stands against it.</summary>
    PollingPossible,

    /// <summary>The instance is polled, but a webhookUrl is set.</summary>
    PollingBlocked,

    /// <summary>The webhookUrl is ours.</summary>
    WebhookUrlMatches,

    /// <summary>A webhookUrl is set; whether it is ours was not to be known.</summary>
    WebhookUrlUnchecked,

    /// <summary>Notifications should be posted to us, but no webhookUrl is set.</summary>
    WebhookUrlMissing,

    /// <summary>Notifications are posted to somebody else.</summary>
    WebhookUrlMismatch,

    /// <summary>The webhookUrlToken is ours.</summary>
    WebhookTokenMatches,

    /// <summary>Notifications are posted without a token.</summary>
    WebhookTokenMissing,

    /// <summary>Notifications are posted with another token than our webhook asks for.</summary>
    WebhookTokenMismatch,

    /// <summary>Callers come with their phone numbers.</summary>
    LidModeOff,

    /// <summary>Callers come as linked ids, without phone numbers and mostly without names.</summary>
    LidModeOn,

    /// <summary>No notification waits.</summary>
    QueueEmpty,

    /// <summary>Some notifications wait.</summary>
    QueueWaiting,

    /// <summary>Many notifications wait: what comes now, comes late.</summary>
    QueueLong,

    /// <summary>How many notifications wait was not to be known.</summary>
    QueueUnknown,

    /// <summary>Nobody else took a waiting notification.</summary>
    ConsumerAlone,

    /// <summary>Somebody else took a notification out of the queue.</summary>
    ConsumerSecond,

    /// <summary>Nothing waited that somebody else could have taken.</summary>
    ConsumerUnchecked,

    /// <summary>This host polls the instance itself, so that others could not be told from it.</summary>
    ConsumerIsThisHost,

    /// <summary>Our webhook took a notification.</summary>
    WebhookAnswers,

    /// <summary>There was no connection to our webhook, or no answer in time.</summary>
    WebhookUnreachable,

    /// <summary>Our webhook refused its token (401).</summary>
    WebhookRefusesToken,

    /// <summary>Our webhook refused the sender or the instance (403).</summary>
    WebhookRefusesSender,

    /// <summary>Our webhook answered neither 200 nor 401 nor 403.</summary>
    WebhookAnswersWrongly,

    /// <summary>Our webhook refused a wrong token.</summary>
    WebhookGuarded,

    /// <summary>Our webhook took a notification with a wrong token.</summary>
    WebhookUnguarded,

    /// <summary>Our webhook answered a wrong token neither 401 nor 200.</summary>
    WebhookGuardUnclear,
}
