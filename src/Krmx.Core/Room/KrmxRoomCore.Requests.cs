using Krmx.Rooms;

namespace Krmx;

// Requests of clients, each of which is answered once (protocol section 10, "Requests").
public partial class KrmxRoomCore
{
    private RequestHandlers? _requests; // null until the application handles one: then the messages are its own

    /// <summary>Sets what handles the requests of one type. Protocol section 10.</summary>
    /// <param name="type">The type.</param>
    /// <param name="handler">
    /// Given the user and the payload; gives the answer, null for one without a payload. To refuse, it throws a <see cref="KrmxRefusedException"/>; any other
    /// exception is logged, and refuses without saying why. Not called for a payload that is absent, <c>null</c> or no <typeparamref name="TRequest"/>: such a
    /// request is refused.
    /// </param>
    /// <returns>Ends the handling when disposed.</returns>
    /// <exception cref="KrmxException">There is a handler for the type already.</exception>
    /// <exception cref="ArgumentException">The answer is a task.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know one of the types.</exception>
    public IDisposable OnRequest<TRequest, TAnswer>(string type, Func<KrmxUser, TRequest, TAnswer> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        DemandValue<TAnswer>();
        return HandleRequests<TRequest, TAnswer>(type, (user, request, reply) => reply.Answer(handler(user, request)));
    }

    /// <summary>Sets what handles the requests of one type, whatever their payload is. Protocol section 10.</summary>
    /// <param name="type">The type.</param>
    /// <param name="handler">
    /// Given the user; gives the answer, null for one without a payload. To refuse, it throws a <see cref="KrmxRefusedException"/>; any other exception is
    /// logged, and refuses without saying why.
    /// </param>
    /// <inheritdoc cref="OnRequest{TRequest, TAnswer}(string, Func{KrmxUser, TRequest, TAnswer})"/>
    public IDisposable OnRequest<TAnswer>(string type, Func<KrmxUser, TAnswer> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        DemandValue<TAnswer>();
        return HandleRequests<TAnswer>(type, (user, reply) => reply.Answer(handler(user)));
    }

    /// <summary>Sets what handles the requests of one type, and may answer them in a later turn.</summary>
    /// <param name="type">The type.</param>
    /// <param name="handler">Given the user, the payload, and what to answer with; what it throws refuses the request.</param>
    /// <returns>Ends the handling when disposed.</returns>
    /// <exception cref="KrmxException">There is a handler for the type already.</exception>
    protected IDisposable HandleRequests<TRequest, TAnswer>(string type, Action<KrmxUser, TRequest, RoomReply<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        VerifyUse();
        var payloads = KrmxJson.TypeInfo<TRequest>(_options.Json);
        var answers = KrmxJson.TypeInfo<TAnswer>(_options.Json);
        IDisposable handling = (_requests ??= new RequestHandlers(this)).Add(type, (request, asker) =>
        {
            if (asker.TryRead(request, payloads, out TRequest? payload))
                handler(asker.User, payload!, new RoomReply<TAnswer>(asker, answers));
        });
        ContractInTheMaking?.Answers(type, payloads, answers);
        return handling;
    }

    /// <summary>Sets what handles the requests of one type, whatever their payload is, and may answer them in a later turn.</summary>
    /// <param name="type">The type.</param>
    /// <param name="handler">Given the user, and what to answer with; what it throws refuses the request.</param>
    /// <inheritdoc cref="HandleRequests{TRequest, TAnswer}(string, Action{KrmxUser, TRequest, RoomReply{TAnswer}})"/>
    protected IDisposable HandleRequests<TAnswer>(string type, Action<KrmxUser, RoomReply<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        VerifyUse();
        var answers = KrmxJson.TypeInfo<TAnswer>(_options.Json);
        IDisposable handling =
            (_requests ??= new RequestHandlers(this)).Add(type, (_, asker) => handler(asker.User, new RoomReply<TAnswer>(asker, answers)));
        ContractInTheMaking?.Answers(type, null, answers);
        return handling;
    }

    /// <summary>A task would be answered with as it is, before it has ended.</summary>
    private static void DemandValue<TAnswer>()
    {
        if (typeof(TAnswer).Namespace == "System.Threading.Tasks")
        {
            throw new ArgumentException(
                "A handler of requests gives its answer at once, not a task; an async one is for a KrmxRoom, and gives a task with a result.");
        }
    }
}
