using System.Diagnostics.Metrics;
using System.Linq.Expressions;
using System.Reflection;
using Krmx.Diagnostics;
using Krmx.Rooms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krmx.Tests.Rooms;

/// <summary>From outside a room's turns every member is refused, but for those that say otherwise (decision 1).</summary>
public class OffTurnTests
{
    private static readonly string[] FromAnywhere =
    [
        "Post", "InvokeAsync", "get_Name", "get_Services", "get_Status", "get_ConnectionCount", "get_LinkedCount", "get_JournalBytes", "get_WasEverLinked",
        "get_AcceptsNewUsers",
    ];

    public static TheoryData<string> Members =>
        [.. Methods.Where(static method => !FromAnywhere.Contains(method.Name)).Select(static method => method.ToString()!)];

    private static IEnumerable<MethodInfo> Methods => typeof(KrmxRoom).GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(static method => typeof(KrmxRoomCore).IsAssignableFrom(method.DeclaringType));

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Member_IsRefusedOutsideATurnOnly(string member)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        KrmxRoom room = await OpenAsync(services);

        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => Call(room, member));

        Assert.Contains(member.Contains("OnAuthenticate", StringComparison.Ordinal) ? "too late" : "room.Post", refusal.Message);
        Exception? inTurn = await room.InvokeAsync(() => Record.Exception(() => Call(room, member)));
        Assert.DoesNotContain("room.Post", inTurn?.Message ?? "");
        Assert.True(await room.InvokeAsync(() => room.AcceptsNewUsers && room.Users.Count <= 1));
    }

    /// <summary>What must not be forgotten when members are added.</summary>
    [Fact]
    public void Members_AreManyAndThoseFromAnywhereExist()
    {
        Assert.True(Members.Count > 30);
        Assert.Empty(FromAnywhere.Except(Methods.Select(static method => method.Name)));
    }

    private static async Task<KrmxRoom> OpenAsync(ServiceProvider services)
    {
        var environment = new RoomEnvironment(
            NullLogger.Instance,
            new RoomMetrics(services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            static turn => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false));
        var room = new KrmxRoom("one", "one", new KrmxRoomOptions(), services, environment);
        await room.OpenAsync(new QuietGateway());
        return room;
    }

    private static void Call(KrmxRoom room, string member)
    {
        MethodInfo method = Methods.First(method => method.ToString() == member);
        if (method.IsGenericMethodDefinition)
            method = method.MakeGenericMethod([.. method.GetGenericArguments().Select(
                static argument => argument.GetGenericParameterConstraints().Length > 0 ? typeof(Bob) : typeof(string))]);
        method.Invoke(room, BindingFlags.DoNotWrapExceptions, null, [.. method.GetParameters().Select(Argument)], null);
    }

    private static object Argument(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        if (type == typeof(string))
            return "bob";
        if (type == typeof(IEnumerable<string>))
            return new[] { "bob" };
        if (type == typeof(bool))
            return true;
        if (type == typeof(KrmxMessage))
            return new KrmxMessage("bob");
        if (type == typeof(TimeSpan) || type == typeof(DateTimeOffset))
            return Activator.CreateInstance(type)!;
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return Expression.Lambda(
            type,
            Expression.Default(invoke.ReturnType),
            invoke.GetParameters().Select(static p => Expression.Parameter(p.ParameterType))).Compile();
    }

    private sealed record Bob : IKrmxMessage
    {
        public static string Type => "bob";
    }
}
