using System.Text.Json;
using System.Text.Json.Serialization;
using Krmx.State;

namespace Krmx.Tests.Client;

/// <summary>Every dispatch of a client ends: with an answer, or with an exception that says what became of it.</summary>
public sealed class ClientDispatchTests
{
    private static readonly JsonSerializerOptions Json = new(KrmxJson.Options) { Converters = { new TrapConverter() } };

    [Fact]
    public async Task Dispatch_WhoseViewCannotBeRead_IsAnswered()
    {
        (_, FakeSocket socket, ClientProjection<Trap> projection, KrmxAction step) = await LinkedAsync();

        Task<DispatchResult> dispatch = projection.DispatchAsync(step);
        await socket.NextSentAsync();
        socket.Deliver("""{"type":"projection/delta","payload":{"domain":"p","delta":[0,13],"optimisticId":"bob/1"}}""");

        Assert.True((await dispatch.Soon()).IsAccepted);
        Assert.False(projection.IsLive);
    }

    [Fact]
    public async Task Dispatch_ThatNobodyAnswers_EndsWithTheClient()
    {
        (ClientHarness harness, FakeSocket socket, ClientProjection<Trap> projection, KrmxAction step) = await LinkedAsync();
        Task<DispatchResult> dispatch = projection.DispatchAsync(step);
        await socket.NextSentAsync();

        ValueTask disposing = harness.Client.DisposeAsync();
        await socket.NextSentAsync();
        socket.Drop();
        await disposing;

        await ClientHarness.FailsAsync<KrmxDisconnectedException>(dispatch);
    }

    [Fact]
    public async Task Dispatch_IsRefusedWhileTooMuchWaits()
    {
        (_, FakeSocket socket, ClientProjection<Trap> projection, KrmxAction step) =
            await LinkedAsync(options => options.Limits.MaxQueuedBytes = 150);
        socket.WriteGate = new TaskCompletionSource().Task;

        Task<DispatchResult>[] dispatches = [.. Enumerable.Range(0, 50).Select(_ => projection.DispatchAsync(step))];

        foreach (Task<DispatchResult> refused in dispatches.Skip(2))
            await ClientHarness.FailsAsync<KrmxQueueFullException>(refused);
        Assert.All(dispatches.Take(2), dispatch => Assert.False(dispatch.IsCompleted));
        Assert.Equal(2, projection.PendingCount);
    }

    private static async Task<(ClientHarness Harness, FakeSocket Socket, ClientProjection<Trap> Projection, KrmxAction Step)> LinkedAsync(
        Action<KrmxClientOptions>? configure = null)
    {
        var model = new ProjectionModel<Trap, Trap>(new Trap(0), static (state, _) => state, Json);
        Func<KrmxAction> step = model.When("step", static (state, _) => new Trap(state.Value + 1));
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync(configure);
        ClientProjection<Trap> projection = harness.Client.AddProjection("p", model);
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Accept("bob");
        await linking;
        socket.Deliver("""{"type":"projection/set","payload":{"domain":"p","projection":1}}""");
        await harness.HeardAsync("""message {"type":"projection/set","payload":{"domain":"p","projection":1}}""");
        return (harness, socket, projection, step());
    }

    private sealed record Trap(int Value);

    private sealed class TrapConverter : JsonConverter<Trap>
    {
        public override Trap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetInt32() == 13 ? throw new InvalidOperationException("planted") : new Trap(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, Trap value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }
}
