export type { AnalysisEndpointInputs, DetectInputs, SegmentInputs } from "./analysis.ts"
export type {
  ControlImageInputs,
  ControlnetEndpointInputs,
  ControlnetImg2ImgInputs,
  ControlnetInpaintInputs,
  ControlnetInputs,
  Modality,
  ModalityInputs,
} from "./controlnet.ts"
export type {
  EditEndpointInputs,
  PatchInputs,
  PixelateInputs,
  RemoveBackgroundInputs,
  VectorizeInputs,
} from "./edit.ts"
export type {
  AspectRatio,
  Concept,
  ImageEndpointInputs,
  Img2ImgInputs,
  InferenceInputs,
  InpaintInputs,
  MaskInputs,
  MergingInputs,
  Scheduler,
  SourceImageInputs,
  StrengthInputs,
  Txt2ImgInputs,
} from "./image.ts"
export type {
  ControlnetInpaintIpAdapterInputs,
  ControlnetIpAdapterInputs,
  Img2ImgIpAdapterInputs,
  InpaintIpAdapterInputs,
  IpAdapterEndpointInputs,
  IpAdapterInputs,
  Txt2ImgIpAdapterInputs,
} from "./ip-adapter.ts"
export type {
  GenerativeFillInputs,
  PromptEditingInputs,
  ReframeInputs,
  RepaintEndpointInputs,
  RestyleInputs,
  UpscaleInputs,
} from "./repaint.ts"
export type { SkyboxEndpointInputs, SkyboxInputs, SkyboxUpscaleInputs } from "./skybox.ts"
export type {
  CaptionInputs,
  DescribeStyleInputs,
  EmbedInputs,
  PromptInputs,
  SamplingInputs,
  TextEndpointInputs,
  TranslateInputs,
} from "./text.ts"
export type {
  ControlnetTextureInputs,
  Img2ImgTextureInputs,
  TextureEndpointInputs,
  TextureInputs,
  Txt2ImgTextureInputs,
} from "./texture.ts"
